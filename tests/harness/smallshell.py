"""The commands of the small engine: what `mkdir`, `cp`, `apt-get` and the like really do."""

from __future__ import annotations

import hashlib
import posixpath
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from harness.smallfs import Entry, Failed, Files

SYSTEM = ("/etc", "/usr", "/var", "/lib")


@dataclass
class Shell:
    """One RUN: where it runs, as whom, and what it sees of the environment."""

    files: Files
    cwd: str
    uid: str
    env: Mapping[str, str]

    def run(self, script: str) -> None:
        for part in script.split("&&"):
            words = shlex.split(part)
            for name in sorted(self.env, reverse=True):
                words = [word.replace("$" + name, self.env[name]) for word in words]
            self.words([word.replace("$K", "").replace("$L", "") for word in words])

    def words(self, words: list[str]) -> None:
        out: tuple[str, str] | None = None
        if len(words) > 2 and words[-2] in (">", ">>"):
            out, words = (words[-2], words[-1]), words[:-2]
        name = words[0]
        method = getattr(self, "do_" + name.replace("-", "_").strip("./"))
        printed = method(words[1:])
        if out is not None:
            self.output(out[1], printed or "", append=out[0] == ">>")

    def at(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.cwd, path))

    def output(self, path: str, text: str, *, append: bool = False) -> None:
        path = self.files.resolve(self.at(path))
        there = self.files.entries.get(path)
        if there is None:
            self.files.put(path, Entry("file", text, self.uid, "644"))
        elif there.kind == "dir":
            raise Failed(f"{path} is a folder")
        else:
            old = there.text if append else ""
            self.files.entries[path] = there._replace(text=old + text)

    def read(self, path: str) -> str:
        found = self.files.get(self.at(path))
        if found is None or found.kind == "dir":
            raise Failed(f"{path} cannot be read")
        return found.text

    def do_true(self, _: list[str]) -> None:
        return None

    def do_id(self, _: list[str]) -> str:
        return self.uid

    def do_echo(self, words: list[str]) -> str:
        return " ".join(words) + "\n"

    def do_cat(self, words: list[str]) -> str:
        return "".join(map(self.read, words))

    def do_test(self, words: list[str]) -> None:
        if self.files.kind(self.at(words[1])) != "file":
            raise Failed(f"no {words[1]}")

    def do_cd(self, words: list[str]) -> None:
        if self.files.kind(self.at(words[0])) != "dir":
            raise Failed(f"no {words[0]}")
        self.cwd = self.files.resolve(self.at(words[0]))

    def do_mkdir(self, words: list[str]) -> None:
        if words[0] == "-p":
            self.files.make_folders(self.at(words[1]), self.uid)
            return
        path = self.files.resolve(self.at(words[0]), last=False)
        if path in self.files.entries:
            raise Failed(f"{path} is there")
        self.files.put(path, Entry("dir", "", self.uid))

    def do_touch(self, words: list[str]) -> None:
        if self.files.get(self.at(words[0])) is None:
            self.output(words[0], "")

    def do_cp(self, words: list[str]) -> None:
        whole = words[0] == "-r"
        source, dest = (self.files.resolve(self.at(word)) for word in words[-2:])
        found = self.files.entries.get(source)
        if found is None or (found.kind == "dir" and not whole):
            raise Failed(f"cannot copy {source}")
        if self.files.kind(dest) == "dir":
            dest = self.files.resolve(posixpath.join(dest, posixpath.basename(self.at(words[-2]))))
        if found.kind != "dir":
            if words[-1].endswith("/") and self.files.kind(posixpath.dirname(dest)) != "dir":
                raise Failed(f"no {dest}")
            self.output(dest, found.text)
            return
        tree = self.files.below(source)
        if posixpath.dirname(dest) not in self.files.entries or dest in tree:
            raise Failed(f"cannot copy {source}")
        self.files.take(dest, {p: e._replace(owner=self.uid) for p, e in tree.items()}, source)

    def do_mv(self, words: list[str]) -> None:
        source = self.files.resolve(self.at(words[0]), last=False)
        dest = self.files.resolve(self.at(words[1]))
        if source not in self.files.entries:
            raise Failed(f"no {source}")
        if self.files.kind(dest) == "dir":
            dest = posixpath.join(dest, posixpath.basename(source))
        if dest == source or dest in self.files.below(source):
            raise Failed(f"cannot move {source}")
        tree = self.files.below(source)
        if self.files.kind(dest) == "dir" or posixpath.dirname(dest) not in self.files.entries:
            raise Failed(f"cannot move to {dest}")
        self.files.remove(dest)
        self.files.take(dest, tree, source)
        self.files.remove(source)

    def do_rm(self, words: list[str]) -> None:
        path = self.files.resolve(self.at(words[1]), last=False)
        found = self.files.entries.get(path)
        if found is not None and found.kind == "dir" and "r" not in words[0]:
            raise Failed(f"{path} is a folder")
        self.files.remove(path)

    def do_chmod(self, words: list[str]) -> None:
        path = self.files.resolve(self.at(words[1]))
        if path not in self.files.entries:
            raise Failed(f"no {path}")
        self.files.entries[path] = self.files.entries[path]._replace(mode=words[0])

    def do_chown(self, words: list[str]) -> None:
        whole = words[0] == "-R"
        owner, path = words[-2], self.files.resolve(self.at(words[-1]))
        if path not in self.files.entries:
            raise Failed(f"no {path}")
        uid = owner.partition(":")[0]
        if not uid.isdecimal():
            found = user_id(self.files, uid)
            if found is None:
                raise Failed(f"no user {uid}")
            uid = found
        for each in self.files.below(path) if whole else [path]:
            self.files.entries[each] = self.files.entries[each]._replace(owner=uid)

    def do_ln(self, words: list[str]) -> None:
        path = self.files.resolve(self.at(words[2]))
        if self.files.kind(path) == "dir":
            path = posixpath.join(path, posixpath.basename(words[1]))
        if path in self.files.entries:
            raise Failed(f"{path} is there")
        self.files.put(path, Entry("link", words[1], self.uid))

    def do_sed(self, words: list[str]) -> None:
        before, after = words[1].split("/")[1:3]
        self.output(words[2], self.read(words[2]).replace(before, after))

    def do_useradd(self, words: list[str]) -> None:
        name, uid = words[-1], words[words.index("-u") + 1]
        text = self.read("/etc/passwd")
        if user_id(self.files, name) is not None or f":{uid}:" in text:
            raise Failed(f"{name} is there")
        self.output("/etc/passwd", f"{text}{name}:x:{uid}:{uid}\n")
        self.output("/etc/group", f"{name}:x:{uid}\n", append=True)
        if "-m" in words:
            self.files.make_folders(f"/home/{name}", uid)

    def do_groupadd(self, words: list[str]) -> None:
        if f"{words[-1]}:" in self.read("/etc/group"):
            raise Failed(f"{words[-1]} is there")
        self.output("/etc/group", f"{words[-1]}:x:{words[1]}\n", append=True)

    def do_apt_get(self, words: list[str]) -> None:
        self.install("/var/lib/dpkg", words)

    def do_apk(self, words: list[str]) -> None:
        self.install("/lib/apk", words)

    def do_pip(self, words: list[str]) -> None:
        self.install("/usr/local/lib/python3", words)

    def do_npm(self, words: list[str]) -> None:
        self.install("/usr/local/lib/node_modules", words)

    def install(self, place: str, words: list[str]) -> None:
        """A package manager of the system: its result depends on all that is the system's."""
        seen = [(p, e) for p, e in sorted(self.files.entries.items()) if p.startswith(SYSTEM)]
        self.files.make_folders(place, self.uid)
        self.output(f"{place}/{words[-1]}", digest(seen, self.env.get("PATH"), words))

    def do_anything(self, _: list[str]) -> None:
        seen = digest(
            sorted(self.files.entries.items()), self.cwd, self.uid, sorted(self.env.items())
        )
        self.output("/any", seen)
        if self.files.kind("/app/a") == "file":
            self.output("/app/a", seen)


def user_id(files: Files, name: str) -> str | None:
    """The uid that the image's /etc/passwd gives a name."""
    found = files.get("/etc/passwd")
    lines = found.text.splitlines() if found is not None and found.kind == "file" else []
    return next((line.split(":")[2] for line in lines if line.split(":")[0] == name), None)


def digest(*parts: object) -> str:
    return hashlib.sha1(repr(parts).encode()).hexdigest()[:12]
