"""A small engine: builds the Dockerfiles of `harness.orders` for real, on a made-up file system.

It knows what BuildKit does with an instruction and nothing of how graph and checker think of it.
"""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from harness.orders import CONTEXT
from harness.smallfs import Entry, Failed, Files
from harness.smallshell import Shell, digest, user_id

STANDARD = (
    "/bin /dev /etc /home /lib /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr "
    "/usr/bin /usr/lib /usr/local /usr/local/bin /usr/sbin /usr/share /var /var/cache /var/lib "
    "/var/log /var/tmp"
).split()
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Stage:
    """The state of one stage."""

    files: Files = field(default_factory=Files)
    env: dict[str, str] = field(default_factory=dict)
    config: dict[str, object] = field(default_factory=dict)
    cwd: str = "/"
    user: str = ""
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    triggers: tuple[str, ...] = ()
    has_cmd: bool = False

    def image(self) -> object:
        """What two builds are compared by."""
        own = (self.cwd, self.user, self.shell, self.triggers)
        return self.files.entries, self.config, own


def build(lines: list[str], answers: dict[str, str]) -> list[object]:
    """Every stage's image; `answers` are the build arguments. Raises Failed."""
    known: dict[str, Stage] = {}
    stages: list[Stage] = []
    for line in lines:
        keyword, _, rest = line.partition(" ")
        if keyword == "FROM":
            words = rest.split()
            stage, triggers = _start(words[0], known)
            stages.append(stage)
            builder = Builder(stage, known, answers)
            for trigger in triggers:
                builder.step(trigger)
            if len(words) > 1:
                known[words[2]] = stage
        else:
            builder.step(line)
    return [stage.image() for stage in stages]


def _start(image: str, known: dict[str, Stage]) -> tuple[Stage, tuple[str, ...]]:
    if image in known:
        old = known[image]
        return (
            replace(
                old,
                files=old.files.copy(),
                env=dict(old.env),
                config=dict(old.config),
                triggers=(),
                has_cmd=False,
            ),
            old.triggers,
        )
    stage = Stage(env={"PATH": PATH})
    if image == "scratch":
        return stage, ()
    for folder in STANDARD:
        stage.files.make_folders(folder)
    stage.files.entries["/tmp"] = Entry("dir", "", "0", "1777")
    users = "root:x:0:0\nnobody:x:65534:65534\n"
    users += "node:x:1000:1000\n" if image.startswith("node") else ""
    stage.files.put("/etc/passwd", Entry("file", users))
    stage.files.put("/etc/group", Entry("file", "root:x:0\n"))
    if image.startswith("node"):
        stage.files.make_folders("/home/node", "1000")
    if image.startswith("example.org"):
        stage.files.make_folders("/base/deep", "5")
        stage.env |= {"K": "/base", "V": "v"}
        stage.cwd, stage.user = "/base", "7"
    return stage, ()


@dataclass
class Builder:
    """Runs the instructions of one stage."""

    stage: Stage
    known: dict[str, Stage]
    answers: dict[str, str]

    def step(self, line: str) -> None:
        keyword, _, rest = line.partition(" ")
        getattr(self, "do_" + keyword.lower())(rest.rstrip("\n"))

    def expand(self, text: str) -> str:
        return re.sub(r"\$(\w+)", lambda m: self.stage.env.get(m[1], ""), text)

    def path(self, text: str) -> str:
        return posixpath.normpath("/" + posixpath.join(self.stage.cwd, text).lstrip("/"))

    def uid(self, owner: str) -> str:
        """For WORKDIR and --chown: an unknown name is root, without an error."""
        name = owner.partition(":")[0] or "0"
        return name if name.isdecimal() else user_id(self.stage.files, name) or "0"

    def do_env(self, rest: str) -> None:
        new = {k: self.expand(v) for k, _, v in (w.partition("=") for w in rest.split())}
        self.stage.env |= new
        old = self.stage.config.get("env", ())
        assert isinstance(old, tuple)
        values = {**dict(old), **new}
        self.stage.config["env"] = tuple(values.items())

    def do_arg(self, rest: str) -> None:
        name, equals, default = rest.partition("=")
        if name in self.answers:
            self.stage.env[name] = self.answers[name]
        elif equals:
            self.stage.env[name] = self.expand(default)
        elif name == "TARGETARCH":
            self.stage.env[name] = "amd64"

    def do_label(self, rest: str) -> None:
        for word in rest.split():
            key, _, value = word.partition("=")
            self.stage.config[f"label {key}"] = self.expand(value)

    def do_user(self, rest: str) -> None:
        self.stage.user = self.expand(rest)

    def do_shell(self, rest: str) -> None:
        self.stage.shell = tuple(json.loads(rest))

    def do_workdir(self, rest: str) -> None:
        self.stage.cwd = self.path(self.expand(rest))
        self.stage.files.make_folders(self.stage.cwd, self.uid(self.stage.user))

    def do_cmd(self, rest: str) -> None:
        self.stage.has_cmd = True
        self.stage.config["cmd"] = self.command(rest)

    def do_entrypoint(self, rest: str) -> None:
        if not self.stage.has_cmd:
            self.stage.config.pop("cmd", None)
        self.stage.config["entrypoint"] = self.command(rest)

    def command(self, rest: str) -> object:
        return json.loads(rest) if rest.startswith("[") else [*self.stage.shell, rest]

    def do_expose(self, rest: str) -> None:
        for port in self.expand(rest).split():
            self.stage.config[f"port {port.partition('/')[0]}/tcp"] = True

    def do_volume(self, rest: str) -> None:
        for path in rest.split():
            self.stage.config[f"volume {self.expand(path)}"] = True

    def do_stopsignal(self, rest: str) -> None:
        self.stage.config["stopsignal"] = self.expand(rest)

    def do_healthcheck(self, rest: str) -> None:
        self.stage.config["healthcheck"] = rest

    def do_maintainer(self, rest: str) -> None:
        self.stage.config["maintainer"] = rest

    def do_onbuild(self, rest: str) -> None:
        self.stage.triggers += (rest,)

    def do_run(self, rest: str) -> None:
        stage = self.stage
        flags, rest = _flags(rest)
        name = stage.user.partition(":")[0] or "0"
        uid = name if name.isdecimal() else user_id(stage.files, name)
        if uid is None:
            raise Failed(f"no user {name}")
        stage.files.make_folders(stage.cwd)
        kept = self.mounted([value for flag, value in flags if flag == "mount"])
        shell = Shell(stage.files, stage.files.resolve(stage.cwd), uid, stage.env)
        if rest.startswith("["):
            shell.words(json.loads(rest))
        else:
            shell.run(rest)
        for target, readonly, shown, hidden, made in reversed(kept):
            if readonly and stage.files.below(target) != shown:
                raise Failed(f"{target} is read-only")
            stage.files.remove(target)
            stage.files.entries |= hidden
            for folder in reversed(made):
                if len(stage.files.below(folder)) > 1:
                    raise Failed(f"{folder} was made for a mount, and stays")  # not followed
                stage.files.remove(folder)

    def mounted(
        self, mounts: list[str]
    ) -> list[tuple[str, bool, dict[str, Entry], dict[str, Entry], list[str]]]:
        """Put every mount in place of what is there; what that was is given back."""
        files = self.stage.files
        kept = []
        for text in mounts:
            options = dict(part.partition("=")[::2] for part in text.split(","))
            kind = options.get("type", "bind")
            if kind == "ssh":
                continue
            target = files.resolve(self.path(self.expand(options["target"])))
            missing = [p for p in _chain(target) if p not in files.entries]
            files.make_folders(posixpath.dirname(target))
            hidden = files.below(target)
            files.remove(target)
            if kind == "bind":
                tree, source = self.source(options)
                files.take(target, tree.below(source), source)
            elif kind == "secret":
                files.put(target, Entry("file", "secret"))
            else:
                files.entries[target] = Entry("dir")
            readonly = kind == "bind" and "rw" not in options
            kept.append((target, readonly, files.below(target), hidden, missing))
        return kept

    def source(self, options: dict[str, str]) -> tuple[Files, str]:
        tree = self.known[options["from"]].files if "from" in options else _context()
        source = tree.resolve("/" + options.get("source", "").strip("/"))
        if source not in tree.entries:
            raise Failed(f"no {source} to mount")
        return tree, source

    def do_add(self, rest: str) -> None:
        self.do_copy(rest)

    def do_copy(self, rest: str) -> None:
        flags, rest = _flags(rest)
        first, *bodies = rest.split("\n")
        copy = Copy(self, dict(flags), [v for f, v in flags if f == "exclude"])
        words = first.split()
        copy.run([self.expand(word) for word in words[:-1]], self.expand(words[-1]), bodies)


@dataclass
class Copy:
    """One COPY or ADD."""

    builder: Builder
    flags: dict[str, str]
    exclude: list[str]

    def run(self, sources: list[str], dest: str, bodies: list[str]) -> None:
        stage = self.builder.stage
        chown = self.builder.expand(self.flags.get("chown", ""))
        if "chown" in self.flags and not chown:
            raise Failed("--chown has no value")
        self.mode = self.flags.get("chmod")
        self.owner = self.builder.uid(chown) if chown else None
        self.target = stage.files
        linked = "link" in self.flags and self.mode is None
        if linked:
            if self.owner is not None and not chown.partition(":")[0].isdecimal():
                raise Failed("--link cannot look up a name")
            self.target = Files()
        self.slash = dest.endswith(("/", "/.")) or dest in (".", "", "./") or len(sources) > 1
        self.dest = self.builder.path(dest)
        for source in sources:
            self.source(source, bodies)
        if linked:
            self.merge(stage.files)

    def merge(self, files: Files) -> None:
        for path, entry in sorted(self.target.entries.items()):
            there = files.entries.get(path)
            if path == "/":
                continue
            if there is not None and (there.kind, entry.kind) != ("dir", "dir"):
                files.remove(path)
            files.entries[path] = entry

    def source(self, source: str, bodies: list[str]) -> None:
        if source.startswith("<<"):
            name = source.strip("<'")
            end = bodies.index(name)
            text = "".join(line + "\n" for line in bodies[:end])
            del bodies[: end + 1]
            self.file(name, Entry("file", text if "'" in source else self.builder.expand(text)))
            return
        if "://" in source:
            self.file(posixpath.basename(source), Entry("file", digest(source)))
            return
        tree, from_stage = self.tree()
        if "parents" in self.flags:
            self.parents(tree, source)
            return
        path = posixpath.normpath("/" + source)
        matches = [path]
        if any(char in path for char in "*?"):
            depth = path.count("/")
            matches = [
                p
                for p in sorted(tree.entries)
                if p.count("/") == depth and all(map(fnmatchcase, p.split("/"), path.split("/")))
            ]
        for match in matches:
            found = tree.get(match)
            if found is None:
                raise Failed(f"no {match}")
            if found.kind == "dir":
                self.folder(tree, tree.resolve(match), from_stage=from_stage)
            else:
                self.file(posixpath.basename(match), found)

    def tree(self) -> tuple[Files, bool]:
        name = self.flags.get("from")
        if name is None:
            return _context(), False
        if name in self.builder.known:
            return self.builder.known[name].files, True
        tool = Files()
        tool.make_folders("/bin")
        tool.put("/bin/tool", Entry("file", "tool"))
        return tool, True

    def own(self, entry: Entry) -> Entry:
        entry = entry if self.owner is None else entry._replace(owner=self.owner)
        return (
            entry if self.mode is None or entry.kind == "link" else entry._replace(mode=self.mode)
        )

    def made(self, path: str) -> str:
        return self.target.make_folders(path, self.owner or "0", self.mode or "755")

    def file(self, name: str, entry: Entry) -> None:
        dest = self.target.resolve(self.dest)
        if self.slash or self.target.kind(dest) == "dir":
            dest = posixpath.join(self.made(dest), name)
        else:
            self.made(posixpath.dirname(dest))
        self.target.put(dest, self.own(entry))

    def folder(self, tree: Files, source: str, *, from_stage: bool) -> None:
        dest = self.made(self.dest)
        for path, entry in tree.below(source).items():
            inner = path[len(source) :].strip("/")
            if not inner or self.excluded(inner):
                continue
            self.target.take(posixpath.join(dest, inner), {path: self.own(entry)}, path)

    def excluded(self, path: str) -> bool:
        return any(_matches(pattern, path) for pattern in self.exclude)

    def parents(self, tree: Files, source: str) -> None:
        dest = self.made(self.dest)
        hits = [p for p in sorted(tree.entries) if p != "/" and _matches(source, p[1:])]
        if not hits:
            raise Failed(f"no {source}")
        for hit in hits:
            for folder in _chain(posixpath.dirname(hit)):
                self.parent(posixpath.normpath(dest + folder), tree.entries[folder])
            self.target.take(
                posixpath.normpath(dest + hit), {hit: self.own(tree.entries[hit])}, hit
            )

    def parent(self, path: str, entry: Entry) -> None:
        """A folder on the way: its mode is the source's, its owner only when it is new."""
        there = self.target.entries.get(path)
        if there is None:
            self.target.entries[path] = self.own(entry)
        elif there.kind != "dir":
            raise Failed(f"{path} is a {there.kind}")
        else:
            self.target.entries[path] = there._replace(mode=entry.mode)


def _flags(rest: str) -> tuple[list[tuple[str, str]], str]:
    flags = []
    while rest.startswith("--"):
        word, _, rest = rest.partition(" ")
        name, _, value = word[2:].partition("=")
        flags.append((name, value))
    return flags, rest


def _context() -> Files:
    files = Files()
    for path, text in CONTEXT.items():
        for folder in _chain(posixpath.dirname("/" + path)):
            files.entries[folder] = Entry("dir", "", "0", "775")
        files.put("/" + path, Entry("file", text, "0", "664"))
    return files


def _chain(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[: at + 1]) for at in range(len(parts)) if parts[at]]


def _matches(pattern: str, path: str) -> bool:
    """As an ignore file: the path or a folder above it."""
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) >= len(wanted) and all(map(fnmatchcase, parts, wanted))
