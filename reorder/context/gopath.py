"""Go's `path/filepath` on slash paths: `Clean` and `Match`, as BuildKit uses them on Linux.

Source: go/src/path/filepath/match.go and internal/filepathlite/path.go (Go 1.26).
"""

from __future__ import annotations

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)  # unicode.IsSpace; str.strip() without an argument knows others


class BadPattern(ValueError):
    """A malformed pattern (`filepath.ErrBadPattern`)."""


def clean(path: str) -> str:
    """The shortest equal path; "" becomes "."."""
    rooted = path.startswith("/")
    parts: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".." or not rooted:
            parts.append(part)
    return "/" * rooted + "/".join(parts) or ("/" if rooted else ".")


def inside(path: str) -> str:
    """A path taken from a root, as COPY does: no leading `/`, no `..`; "" is the root."""
    return clean("/" + path)[1:]


def has_wildcard(text: str) -> bool:
    """Whether an unescaped `*`, `?` or `[` occurs (fsutil/copy `containsWildcards`)."""
    escaped = False
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char in "*?[":
            return True
    return False


def match(pattern: str, name: str) -> bool:
    """`filepath.Match`: `*` and `?` stay in one segment, a class may match `/`.

    Raises BadPattern where Go does: what stands behind a `*` that was not reached is not checked.
    """
    while pattern:
        star, chunk, pattern = _scan_chunk(pattern)
        if star and not chunk:
            return "/" not in name
        rest = _match_chunk(chunk, name)
        if rest is not None and (not rest or pattern):
            name = rest
            continue
        if star:
            found = _after_star(chunk, name, last=not pattern)
            if found is not None:
                name = found
                continue
        return False
    return not name


def _after_star(chunk: str, name: str, last: bool) -> str | None:
    for skipped, char in enumerate(name):
        if char == "/":
            return None
        rest = _match_chunk(chunk, name[skipped + 1 :])
        if rest is not None and not (last and rest):
            return rest
    return None


def _scan_chunk(pattern: str) -> tuple[bool, str, str]:
    chunk = pattern.lstrip("*")
    star = chunk != pattern
    in_class = escaped = False
    for at, char in enumerate(chunk):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "[":
            in_class = True
        elif char == "]":
            in_class = False
        elif char == "*" and not in_class:
            return star, chunk[:at], chunk[at:]
    return star, chunk, ""


def _match_chunk(chunk: str, name: str) -> str | None:
    """The name without what the chunk matched, or None; the whole chunk is checked either way."""
    failed = False
    while chunk:
        failed = failed or not name
        char = chunk[0]
        if char == "[":
            hit, chunk = _match_class(chunk[1:], "" if failed else name[0])
            failed = failed or not hit
        elif char == "?":
            failed = failed or name[0] == "/"
            chunk = chunk[1:]
        else:
            if char == "\\":
                chunk = chunk[1:]
                if not chunk:
                    raise BadPattern("nothing follows the last backslash")
            failed = failed or name[0] != chunk[0]
            chunk = chunk[1:]
        if not failed:
            name = name[1:]
    return None if failed else name


def _match_class(chunk: str, char: str) -> tuple[bool, str]:
    negated = chunk.startswith("^")
    chunk = chunk[negated:]
    hit, ranges = False, 0
    char = "\ufffd" if _undecodable(char) else char
    while not (chunk.startswith("]") and ranges):
        low, chunk = _class_char(chunk)
        high = low
        if chunk.startswith("-"):
            high, chunk = _class_char(chunk[1:])
        hit = hit or low <= char <= high
        ranges += 1
    return hit != negated, chunk[1:]


def _class_char(chunk: str) -> tuple[str, str]:
    if not chunk or chunk[0] in "-]":
        raise BadPattern("a [ class is malformed")
    if chunk[0] == "\\":
        chunk = chunk[1:]
    if len(chunk) < 2 or _undecodable(chunk[0]):
        raise BadPattern("a [ class is not closed")
    return chunk[0], chunk[1:]


def _undecodable(char: str) -> bool:
    return "\udc80" <= char <= "\udcff"
