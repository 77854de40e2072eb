"""Exit codes, the same for every command."""

from __future__ import annotations

FINE = 0
FOUND = 1  # `--check` found something to change
BAD_INPUT = 2  # bad input or usage
BUG = 3  # a mistake of ours
INTERRUPTED = 130  # as a shell reports SIGINT
PIPE_CLOSED = 141  # as a shell reports SIGPIPE
