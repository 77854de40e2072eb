"""Reading pip's options the way pip does: optparse, with unique abbreviations and bundles.

Source: pip 23 `_internal/cli/cmdoptions.py` and `commands/{install,download,wheel}.py`; options of
older and newer versions are from pip's changelog, and have one meaning in every version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reorder.shell.nodes import Arg, Opaque, Span


@dataclass(frozen=True, slots=True)
class Options:
    """Options by canonical long name, in order; `span` is the whole option word."""

    values: tuple[tuple[str, Arg], ...]
    flags: tuple[tuple[str, Span], ...]
    operands: tuple[Arg, ...]

    def all(self, *names: str) -> tuple[Arg, ...]:
        """Every value given for some options."""
        return tuple(arg for name, arg in self.values if name in names)

    def last(self, name: str) -> Arg | None:
        """The value that counts."""
        found = self.all(name)
        return found[-1] if found else None

    def has(self, name: str) -> bool:
        """Whether a flag was given."""
        return any(flag == name for flag, _ in self.flags)


def read_options(args: Sequence[Arg]) -> Options | Opaque:
    """Options and operands of a pip command line; `Opaque` for an option that pip has not."""
    values: list[tuple[str, Arg]] = []
    flags: list[tuple[str, Span]] = []
    operands: list[Arg] = []
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        text = arg.text.lstrip("\"'") if arg.kind == "unknown" else arg.text
        if text == "--" and arg.kind == "literal":
            operands += rest
            break
        if text.startswith("--"):
            name, equals, value = text.partition("=")
            option = _long(name)
            if option is None or (arg.kind == "unknown" and not equals):
                return Opaque(f"`{arg.text}` is not an option of pip that is known")
            if option in _FLAGS and not equals:
                flags.append((option, arg.span))
                continue
            if option in _FLAGS:
                return Opaque(f"`{arg.text}`: this option of pip takes no value")
            given = Arg(value, arg.kind, arg.span) if equals else (rest.pop(0) if rest else None)
            if given is None:
                return Opaque(f"`{arg.text}` lacks its value")
            values.append((option, given))
        elif text.startswith("-") and len(text) > 1:
            bad = _short(arg, rest, values, flags)
            if bad is not None:
                return bad
        else:
            operands.append(arg)
    return Options(tuple(values), tuple(flags), tuple(operands))


def _short(
    arg: Arg, rest: list[Arg], values: list[tuple[str, Arg]], flags: list[tuple[str, Span]]
) -> Opaque | None:
    if arg.kind == "unknown":
        return Opaque(f"`{arg.text}` has a value that is not known")
    for position, letter in enumerate(arg.text[1:], start=2):
        if letter in _SHORT_FLAGS:
            flags.append((_SHORT_FLAGS[letter], arg.span))
        elif letter in _SHORT_VALUES:
            joined = arg.text[position:]
            if not joined and not rest:
                return Opaque(f"`{arg.text}` lacks its value")
            given = Arg(joined, arg.kind, arg.span) if joined else rest.pop(0)
            values.append((_SHORT_VALUES[letter], given))
            return None
        else:
            return Opaque(f"`{arg.text}` is not an option of pip that is known")
    return None


def _long(name: str) -> str | None:
    """The canonical name of a long option, which may be abbreviated as far as it stays unique."""
    if name in _ALL:
        return _SAME.get(name, name)
    found = {_SAME.get(option, option) for option in _ALL if option.startswith(name)}
    return found.pop() if len(found) == 1 else None


_SHORT_VALUES: Final = {
    "r": "--requirement",
    "c": "--constraint",
    "e": "--editable",
    "t": "--target",
    "C": "--config-settings",
    "i": "--index-url",
    "f": "--find-links",
    "d": "--dest",
    "w": "--wheel-dir",
    "b": "--build",
}
_SHORT_FLAGS: Final = {
    "U": "--upgrade",
    "I": "--ignore-installed",
    "h": "--help",
    "v": "--verbose",
    "V": "--version",
    "q": "--quiet",
    "y": "--yes",
    "l": "--local",
    "o": "--outdated",
}
_VALUES: Final = frozenset(
    "--requirement --constraint --editable --target --platform --python-version --implementation "
    "--abi --root --prefix --src --upgrade-strategy --config-settings --global-option "
    "--install-option --build-option --no-binary --only-binary --progress-bar --root-user-action "
    "--report --index-url --extra-index-url --find-links --python --log --keyring-provider --proxy "
    "--retries --resume-retries --timeout --exists-action --trusted-host --cert --client-cert "
    "--cache-dir --use-feature --use-deprecated --dest --wheel-dir --build --group "
    "--build-constraint --uploaded-prior-to --requirements-from-script --hash --format".split()
)
_FLAGS: Final = frozenset(
    "--no-deps --pre --dry-run --user --no-user --upgrade --force-reinstall --ignore-installed "
    "--ignore-requires-python --no-build-isolation --use-pep517 --no-use-pep517 "
    "--check-build-dependencies --break-system-packages --compile --no-compile "
    "--no-warn-script-location --no-warn-conflicts --prefer-binary --require-hashes --no-clean "
    "--no-index --help --debug --isolated --require-virtualenv --verbose --version --quiet "
    "--no-input --no-cache-dir --disable-pip-version-check --no-color --no-verify --egg "
    "--no-python-version-warning --process-dependency-links --yes --local --outdated".split()
)
_SAME: Final = {
    "--no-dependencies": "--no-deps",
    "--require-venv": "--require-virtualenv",
    "--pypi-url": "--index-url",
    "--source": "--src",
    "--source-dir": "--src",
    "--source-directory": "--src",
    "--default-timeout": "--timeout",
    "--config-setting": "--config-settings",
    "--log-file": "--log",
    "--build-dir": "--build",
    "--build-directory": "--build",
    "--download": "--dest",
    "--destination-dir": "--dest",
    "--destination-directory": "--dest",
}
_ALL: Final = _VALUES | _FLAGS | frozenset(_SAME)
