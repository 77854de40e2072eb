"""Values that may depend on what is not known, and the digest of anything."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Value:
    """`sym` is equal for two values only if they are always equal.

    `text` is the value when no build argument is given; None when even that is not known.
    """

    sym: str
    text: str | None

    @property
    def certain(self) -> bool:
        """Whether it depends on nothing."""
        return self.sym == self.text

    def __add__(self, other: Value) -> Value:
        known = self.text is not None and other.text is not None
        text = f"{self.text}{other.text}" if known else None
        return Value(self.sym + other.sym, text)


def plain(text: str) -> Value:
    """A value that is just this text."""
    return Value(text, text)


def symbol(kind: str, *parts: str, text: str | None = None) -> Value:
    """A value that is equal only to one made of the same parts."""
    return Value(f"\0{kind} {fold(*parts)}\0", text)


def fold(*parts: str) -> str:
    """A digest of texts in order; different lists have different digests."""
    digest = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()
