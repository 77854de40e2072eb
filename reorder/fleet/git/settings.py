"""What a user may choose about git."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Login:
    """What a host asks for; a token goes where the password does."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GitSettings:
    """The same settings and the same base commit give the same commit, byte for byte."""

    author: str = "reorder"
    email: str = "reorder@noreply.invalid"
    seconds: float = 600.0  # for each command that uses the network
    depth: int | None = None  # commits of history; None: all, without which costs are only advice
    blobs: bool = False  # also the files of the past, which `simulate` reads
    most_files: int = 500_000  # of the commit at hand
    most_lacking: int = 0  # of its files that a partial clone may lack; they are not on disk then
    most_bytes: int = 8 << 30  # of its files together
    logins: Mapping[str, Login] = field(default_factory=dict)  # by host, as `Repository.host`
