"""`buildctl`, BuildKit's own client, with the daemon that `BUILDKIT_HOST` names.

Run for real: 0.32.2.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from reorder.verify import buildkit
from reorder.verify.engine import Built, Request
from reorder.verify.process import run


@dataclass(frozen=True, slots=True)
class Buildctl:
    """The address of the daemon is buildctl's own business."""

    version: str
    rawjson: bool
    name: str = "buildctl"
    spaces: bool = True

    def build(self, request: Request) -> Built:
        words = ["buildctl", "build", "--frontend=dockerfile.v0"]
        words += ["--progress=rawjson" if self.rawjson else "--progress=plain"]
        words += [f"--local=context={request.context}"]
        words += [f"--local=dockerfile={request.dockerfile.parent}"]
        options = {"filename": request.dockerfile.name}
        options |= {"target": request.target} if request.target else {}
        args = dict(request.args)
        if request.space:
            args[buildkit.NAMESPACE] = request.space
            options["add-hosts"] = f"{request.space}=127.0.0.1"
        options |= {f"build-arg:{name}": value for name, value in args.items()}
        words += [f"--opt={name}={value}" for name, value in options.items()]
        words += [*(["--no-cache"] * request.cold), *request.flags]
        if request.into is not None:
            words += [f"--output=type=oci,compression=uncompressed,dest={request.into}"]
        return buildkit.built(words, request)

    def forget(self) -> None:
        """Nothing is kept."""


def probe() -> Buildctl | str:
    """buildctl with a daemon that answers, or why not."""
    if shutil.which("buildctl") is None:
        return "it is not installed"
    asked = run(["buildctl", "debug", "workers"])
    if asked.code:
        return asked.lines[-1] if asked.lines else "its daemon does not answer"
    said = run(["buildctl", "--version"]).lines
    helped = "\n".join(run(["buildctl", "build", "--help"]).lines)
    words = " ".join(said[:1]).split()  # buildctl MODULE VERSION COMMIT
    return Buildctl("".join(words[2:3]).removeprefix("v"), "rawjson" in helped)
