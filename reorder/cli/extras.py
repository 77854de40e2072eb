"""Libraries that only some commands need: what to type when one is missing."""

from __future__ import annotations

from importlib.util import find_spec

from reorder.errors import InputError


def needs(extra: str, *modules: str, option: str = "") -> None:
    """Raises InputError unless every module can be imported; nothing is imported here.

    `option` is what asks for them, if it is not the format of that name.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise InputError(
            option or f"--format {extra}",
            f"needs {' and '.join(missing)}; type: pip install 'dockerfile-reorder[{extra}]'",
        )
