"""`python -m reorder`."""

from __future__ import annotations

import sys

from reorder.cli.main import main

sys.exit(main())
