"""Facts about base images: who runs, where home is, which variables are set.

The facts themselves are data, in `image_facts/`, each with its source. A variable whose value
depends on the tag is None: set, to an unknown value. What is not in the tables is not known.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.image_facts.model import SYSTEM_PATH, SYSTEM_USERS, BaseImage, Family

__all__ = ["SYSTEM_PATH", "BaseImage", "base_image"]


def base_image(reference: str) -> BaseImage | None:
    """The facts about an expanded image reference (`python:3.12-slim`, `docker.io/library/x@…`).

    None: not known. That covers Windows images, and every name that is in no table.
    """
    if reference == "scratch":
        return BaseImage("scratch", home="/", env={"PATH": SYSTEM_PATH})
    name, tag = _name_and_tag(reference)
    family = _family(name)
    if family is None or any(word in tag for word in _WINDOWS):
        return None
    alpine = family.system == "alpine" or ("alpine" in tag and family.system != "bare")
    users = {**SYSTEM_USERS["alpine" if alpine else family.system], **family.users}
    image = BaseImage(
        name,
        user=family.user,
        env=family.env,
        users=users,
        workdir=family.workdir,
        onbuild="onbuild" in tag,
        tag=tag,
        whole=family.whole,
        people=family.people or alpine,
        system="alpine" if alpine else family.system,
    )
    return image if family.vary is None else family.vary(image, tag)


def _family(name: str) -> Family | None:
    from reorder.ecosystems.image_facts.official import OFFICIAL

    if "/" not in name:
        return OFFICIAL.get(name)
    from reorder.ecosystems.image_facts.dotnet import DOTNET
    from reorder.ecosystems.image_facts.redhat import REDHAT
    from reorder.ecosystems.image_facts.vendors import VENDORS

    return next((table[name] for table in (VENDORS, DOTNET, REDHAT) if name in table), None)


def _name_and_tag(reference: str) -> tuple[str, str]:
    """Name and tag; an official image without what may stand before its name."""
    rest, _, digest = reference.partition("@")
    for prefix in _MIRRORS:
        if rest.startswith(prefix):
            rest = rest.removeprefix(prefix)
            break
    folder, _, name = rest.partition("/")
    rest = name if folder in _ARCHITECTURES else rest
    path, slash, last = rest.rpartition("/")
    name, _, tag = last.partition(":")
    return path + slash + name, tag or ("" if digest else "latest")


# Docker Hub under its names, and registries that mirror its official images.
_MIRRORS: Final = (
    "docker.io/library/",
    "index.docker.io/library/",
    "registry.hub.docker.com/library/",
    "public.ecr.aws/docker/library/",
    "mirror.gcr.io/library/",
    "docker.io/",
    "index.docker.io/",
    "library/",
)
# The same images under the name of one architecture (docker-library/official-images README).
_ARCHITECTURES: Final = frozenset(
    "amd64 arm32v5 arm32v6 arm32v7 arm64v8 i386 mips64le ppc64le riscv64 s390x".split()
)
_WINDOWS: Final = ("windows", "nanoserver", "ltsc")
