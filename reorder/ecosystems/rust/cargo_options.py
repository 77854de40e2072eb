"""The words of a cargo command.

Source: the man pages of cargo, cargo-build, cargo-test, cargo-install, cargo-fetch and cargo-clean
of Cargo 1.95. Cargo's own verbs only: `cargo leptos` and the like are programs of somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Arg, Call, Opaque, Span

_FLAGS: Final = frozenset(
    "--release -r --locked --offline --frozen -v -vv --verbose -q --quiet --all --workspace "
    "--all-features --no-default-features --lib --bins --examples --tests --benches --all-targets "
    "--keep-going --future-incompat-report --timings --ignore-rust-version --no-run "
    "--no-fail-fast --doc --no-deps --force -f --debug --no-track --list --open --fix "
    "--allow-dirty --allow-staged --document-private-items --all-targets --check --version -V "
    "--help -h --unit-graph --build-plan --versioned-dirs --no-delete --respect-source-config "
    "--bin --dry-run -n".split()
) - {"--bin"}
_VALUES: Final = frozenset(
    "--features -F --package -p --exclude --bin --example --test --bench --profile --target "
    "--target-dir --manifest-path -j --jobs --color --message-format --config -Z --out-dir "
    "--artifact-dir --lockfile-path --path --root --git --branch --tag --rev --index --registry "
    "--vers --recipe-path -C --sync -s --format-version --filter-platform --edition --name "
    "--precise --aggressive".split()
) - {"--aggressive"}
_DECIDE_NOTHING: Final = (
    *("--features", "-F", "--profile", "--bin", "-p", "--package", "-j", "--jobs"),
)
_SAME: Final = (  # of an install, what its build needs as well
    *("--locked", "--profile", "--bin", "--features", "-F", "--all-features"),
    *("--no-default-features", "--target", "--target-dir", "-j", "--jobs"),
)
_SHORT: Final = {"b": "build", "t": "test", "r": "run", "c": "check", "d": "doc", "rm": "remove"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of cargo with its words read."""

    call: Call
    verb: str  # in full: `build` for `b`
    given: Given
    operands: tuple[Arg, ...]  # without the verb
    toolchain: str | None  # `+nightly`

    def has(self, *names: str) -> bool:
        """Whether an option was given."""
        return self.given.has(*names)

    def value(self, *names: str) -> str | None:
        """The last value of an option, None where it is not given or not known."""
        arg = self.given.last(*names)
        return arg.text if arg is not None and arg.kind == "literal" else None

    @property
    def free(self) -> frozenset[Span]:
        """Words that say what is compiled and how, never which manifests are read."""
        return frozenset(arg.span for arg in self.given.all(*_DECIDE_NOTHING))

    @property
    def release(self) -> bool:
        """Whether it builds with the profile `release`."""
        return self.has("--release", "-r") or self.value("--profile") == "release"

    @property
    def manifest(self) -> str | None:
        """The file that --manifest-path names, absolute."""
        path = self.value("--manifest-path")
        return None if path is None else absolute(path, self.call.cwd)


def as_build(asked: Asked) -> Asked | None:
    """`cargo install --path DIR` as the `cargo build` that compiles the same; None: not known.

    Tried with Cargo 1.95: what the build leaves in the target folder of the workspace is what the
    install looks for there.
    """
    folder = asked.value("--path")
    kept = [word for name in _SAME for word in _given(asked, name)]
    if folder is None or any(arg.kind != "literal" for arg in asked.call.args):
        return None
    head = [asked.call.args[0].text, *([asked.toolchain] if asked.toolchain else []), "build"]
    head += [] if asked.has("--debug", "--profile") else ["--release"]
    where = [] if absolute(folder, asked.call.cwd) == asked.call.cwd else ["--manifest-path"]
    where += [f"{folder.rstrip('/')}/Cargo.toml"] if where else []
    bins = [] if asked.has("--bin") else ["--bins"]
    args = tuple(replace(asked.call.args[0], text=text) for text in (*head, *where, *bins, *kept))
    found = read_command(replace(asked.call, args=args))
    return None if isinstance(found, Opaque) else found


def _given(asked: Asked, name: str) -> list[str]:
    """An option as often as it was given, with its values."""
    return [
        word
        for given, arg in asked.given.options
        if given == name
        for word in ([given] if arg is None else [given, arg.text])
    ]


def read_command(call: Call) -> Asked | Opaque:
    """The verb and the options; `Opaque` for a word that is not known to be one of them."""
    args = list(call.args)
    toolchain = None
    if len(args) > 1 and args[1].text.startswith("+"):
        if args[1].kind != "literal":
            return Opaque(f"`cargo` gets `{args[1].text}`, whose value is not known")
        toolchain = args.pop(1).text
    given = read_given(replace(call, args=tuple(args)), _FLAGS, _VALUES)
    if isinstance(given, Opaque):
        return given
    verb, *operands = given.operands or (None,)
    if verb is not None and verb.kind != "literal":
        return Opaque(f"`cargo` gets `{verb.text}`, whose value is not known")
    text = verb.text if verb is not None else ""
    return Asked(call, _SHORT.get(text, text), given, tuple(a for a in operands if a), toolchain)
