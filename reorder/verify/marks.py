"""A harmless line at the end of a file, in its own language; different for every `mark`."""

from __future__ import annotations

_HASH = (
    "py sh bash zsh rb pl yml yaml toml ex exs r jl tf mk cfg conf txt properties graphql nix "
    "cmake gemspec rake"
)
_SLASHES = (
    "js mjs cjs jsx ts mts cts tsx go mod work java kt kts scala rs c h cc cpp hpp cs swift dart "
    "gradle groovy proto zig"
)
_STARS = "css scss less"
_ANGLES = "html htm xml vue svelte md csproj props"
_DASHES = "sql lua hs elm"
_FORMS = {
    ending: form
    for endings, form in (
        (_HASH, "# {}"),
        (_SLASHES, "// {}"),
        (_STARS, "/* {} */"),
        (_ANGLES, "<!-- {} -->"),
        (_DASHES, "-- {}"),
    )
    for ending in endings.split()
}
_NAMES = {"Gemfile", "Makefile", "Rakefile", "Pipfile", ".npmrc"}
_SPACES = str.maketrans("01", " \t")


def has_comments(path: str) -> bool:
    """Whether a comment can be written into a file with this name."""
    return _form(path) is not None


def marked(path: str, data: bytes, mark: str) -> bytes | None:
    """The file with one more line: a comment, or blanks; None where that may do harm: no text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    form = _form(path)
    blanks = format(int.from_bytes(mark.encode(), "big"), "b").translate(_SPACES)
    line = form.format(mark) if form is not None else blanks
    start = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{start}{line}\n".encode()


def _form(path: str) -> str | None:
    name = path.rpartition("/")[2]
    if name in _NAMES:
        return "# {}"
    return _FORMS.get(name.rpartition(".")[2].lower()) if "." in name.lstrip(".") else None
