"""Bundler's settings: options of the command, `bundle config` earlier in the build, variables,
`.bundle/config`.

Source: bundle-config(1) (local settings over variables over those of the user), Bundler 2.5
`settings.rb`; the ruby images set BUNDLE_APP_CONFIG, so that `.bundle` of a project is not read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.homes import home
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call

# Older ruby images set these two, both to their GEM_HOME or what is below it (docker-library/ruby).
_OF_IMAGE: Final = ("BUNDLE_PATH", "BUNDLE_BIN")

Values = Mapping[str, str | None]  # by their name in lower case; None: set, to an unknown value
_FALSE: Final = ("false", "f", "no", "n", "0", "")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. `unknown`: something may have set what is not known."""

    values: Values = field(hash=False)
    root: str  # the folder of the Gemfile
    files: tuple[str, ...]  # where settings are looked for
    unknown: bool = False
    of_image: bool = False  # the image may set `path`, to its own GEM_HOME

    def on(self, name: str) -> bool:
        """Whether a switch is surely on."""
        value = self.values.get(name)
        return value is not None and value.lower() not in _FALSE


def app_config(call: Call, root: str) -> str:
    """The folder of a project's own settings."""
    return absolute(call.env.get("BUNDLE_APP_CONFIG") or ".bundle", root)


def user_config(call: Call, image: Image) -> str | None:
    """The file of the user's settings; None where the home is not known."""
    named = call.env.get("BUNDLE_USER_CONFIG")
    if named:
        return absolute(named, call.cwd)
    folder = call.env.get("BUNDLE_USER_HOME")
    there = home(call, image)
    if folder:
        return absolute("config", absolute(folder, call.cwd))
    return absolute(".bundle/config", there) if there is not None else None


def read_settings(call: Call, image: Image, root: str) -> Settings:
    """What is in force for a call, without its own options."""
    local_file = f"{app_config(call, root)}/config"
    user_file = user_config(call, image)
    merged: dict[str, str | None] = {}
    unknown = None in image.told
    if user_file is not None:
        merged |= _file(user_file, image)
    told: dict[str, str | None] = {}
    for earlier in image.told:
        for scope, name, value in _set(earlier) if earlier is not None else ():
            (told if scope == "local" else merged)[name] = value if _plain(earlier) else None
    of_image = all(call.env.get(name, "") is None for name in _OF_IMAGE)
    for name, value in call.env.items():
        if name.startswith("BUNDLE_") and not (of_image and name in _OF_IMAGE):
            merged[_key(name)] = value
    merged |= _file(local_file, image) | told
    files = (local_file, *((user_file,) if user_file is not None else ()))
    return Settings(merged, root, files, unknown, of_image)


def told_by(call: Call) -> tuple[str, str, str | None] | None:
    """Where a `bundle config` call sets which name to what; None: it only asks."""
    return next(_set(call), None)


def _plain(call: Call | None) -> bool:
    return call is not None and call.always


def _set(call: Call) -> Iterator[tuple[str, str, str | None]]:
    """`bundle config set --local path x`, `bundle config path x`, `bundle config --delete x`."""
    if posixpath.basename(call.name) not in ("bundle", "bundler"):
        return
    options = [arg.text for arg in call.args[1:] if arg.text.startswith("--")]
    words = [arg for arg in call.args[1:] if not arg.text.startswith("--")]
    rest = words[1:]
    if not rest or words[0].text != "config":
        return
    verb = rest[0].text
    if verb in ("list", "get"):
        return
    if verb in ("set", "unset"):
        rest = rest[1:]
    unset = verb == "unset" or "--delete" in options
    if not rest or (len(rest) == 1 and not unset):
        return
    scope = "local" if "--local" in options else "global"
    parts = [arg.text if arg.kind != "unknown" else None for arg in rest[1:]]
    known = [part for part in parts if part is not None]
    value = "" if unset else " ".join(known) if len(known) == len(parts) else None
    yield scope, rest[0].text.lower().replace("-", "_"), value


def _file(path: str, image: Image) -> dict[str, str | None]:
    """A file of settings: `BUNDLE_PATH: "vendor/bundle"`, a line each."""
    text = image.files.read(path) or ""
    found: dict[str, str | None] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon and name.startswith("BUNDLE_"):
            found[_key(name)] = value.strip().strip("\"'")
    return found


def _key(name: str) -> str:
    """`BUNDLE_PATH__SYSTEM` → `path.system` (`settings.rb`, `key_for`)."""
    return name.removeprefix("BUNDLE_").lower().replace("___", "-").replace("__", ".")
