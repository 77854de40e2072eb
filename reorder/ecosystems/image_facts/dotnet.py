"""Microsoft's images of .NET.

Source: dotnet/dotnet-docker, src/{runtime-deps,runtime,aspnet,sdk}/{8.0,9.0,10.0}: since 8.0 they
have a user `app` with the number of APP_UID, and the chiseled and distroless ones run as it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from reorder.ecosystems.image_facts.model import BaseImage, Family, path, unknown

_MAJOR: Final = re.compile(r"(\d+)(\.|-|$)")
_BARE: Final = ("chiseled", "distroless")
_APP: Final = (1654, 1654, "/home/app")


def _dotnet(image: BaseImage, tag: str) -> BaseImage | None:
    found = _MAJOR.match(tag)
    bare = any(word in tag for word in _BARE)
    if found is None and tag != "latest":
        return None
    if found is not None and int(found[1]) < 8:
        return None if bare else image
    env = {**image.env, "APP_UID": "1654", "ASPNETCORE_HTTP_PORTS": "8080"}
    users = {**image.users, "app": _APP}
    return replace(image, env=env, users=users, user="1654" if bare else "root")


_ENV: Final = {
    "PATH": path(),
    "DOTNET_RUNNING_IN_CONTAINER": "true",
    **unknown("DOTNET_VERSION", "ASPNET_VERSION", "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS"),
    **unknown("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "DOTNET_ROLL_FORWARD"),
}
_SDK: Final = {
    **_ENV,
    "NUGET_XMLDOC_MODE": "skip",
    **unknown("DOTNET_SDK_VERSION", "DOTNET_NOLOGO", "DOTNET_GENERATE_ASPNET_CERTIFICATE"),
    **unknown("DOTNET_USE_POLLING_FILE_WATCHER", "POWERSHELL_DISTRIBUTION_CHANNEL"),
    **unknown("Logging__Console__FormatterName"),
}

DOTNET: Final[dict[str, Family]] = {
    f"mcr.microsoft.com/dotnet/{name}": Family(env, system="", people=False, vary=_dotnet)
    for name, env in (
        ("runtime-deps", _ENV),
        ("runtime", _ENV),
        ("aspnet", _ENV),
        ("sdk", _SDK),
    )
}
