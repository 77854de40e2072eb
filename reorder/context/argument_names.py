"""Names of build arguments that stand for what is new with each build, and what is no real value.

The names are those that Dockerfiles and CI systems really use: GitHub, GitLab, CircleCI, Jenkins,
Buildkite, Drone, Travis, Bitbucket, Azure, Cloud Build, the OCI image labels. `_` and case aside.
"""

from __future__ import annotations

import re

# A clock, a counter, or a switch that is there to miss the cache: whatever the default.
_COUNTED = frozenset(
    """
    BUILDDATE BUILDDATETIME BUILDTIME BUILDTIMESTAMP BUILDCREATED BUILDEPOCH BUILDAT BUILDID
    BUILDNUMBER BUILDNUM BUILDNO BUILDCOUNT BUILDCOUNTER BUILDBUILDID BUILDBUILDNUMBER BUILDTAG
    DATE DATETIME TIMESTAMP CREATED COMMITDATE COMMITTIME COMMITTIMESTAMP GITDATE GITTIME
    GITCOMMITDATE GITCOMMITTIME GITTIMESTAMP REVISIONDATE VCSDATE SOURCEDATEEPOCH
    CACHEBUST CACHEBUSTER CACHEBUSTING CACHEBREAK CACHEBREAKER CACHEDATE CACHEBUSTDATE BUSTCACHE
    BREAKCACHE INVALIDATECACHE FORCEREBUILD REBUILD RANDOM
    GITHUBRUNID GITHUBRUNNUMBER GITHUBRUNATTEMPT RUNID RUNNUMBER CIPIPELINEID CIPIPELINEIID
    CIPIPELINECREATEDAT CIJOBID CIJOBSTARTEDAT CICOMMITTIMESTAMP CIBUILDNUMBER CIRCLEBUILDNUM
    BUILDKITEBUILDNUMBER BUILDKITEBUILDID DRONEBUILDNUMBER DRONEBUILDCREATED TRAVISBUILDNUMBER
    TRAVISBUILDID TRAVISJOBID BITBUCKETBUILDNUMBER CODEBUILDBUILDNUMBER CODEBUILDBUILDID
    """.split()
)
# The commit: a pin of something else when the default is one.
_COMMITS = frozenset(
    """
    SHA SHORTSHA SHASHORT LONGSHA HEADSHA BUILDSHA IMAGESHA SOURCESHA
    COMMIT COMMITSHA COMMITSHORTSHA COMMITHASH COMMITID COMMITREF COMMITREV SHORTCOMMIT
    SOURCECOMMIT BUILDCOMMIT HEADCOMMIT LASTCOMMIT COMMITMESSAGE COMMITTITLE
    GITSHA GITSHA1 GITSHASHORT GITSHORTSHA GITCOMMIT GITCOMMITSHA GITCOMMITSHORT GITCOMMITHASH
    GITCOMMITID GITSHORTCOMMIT GITHASH GITSHORTHASH GITREV GITREVISION GITHEAD GITHEADSHA GITHEADREV
    GITDESCRIBE GITCOMMITMESSAGE GITCOMMITMSG
    REV REVISION SOURCEREVISION SOURCEREV BUILDREVISION BUILDREV BUILDHASH SOURCEHASH REVISIONID
    VCSREF VCSREV VCSREVISION VCSCOMMIT VCSSHA VCSHASH SOURCEVERSION BUILDSOURCEVERSION
    CICOMMIT CICOMMITSHA CICOMMITSHORTSHA CICOMMITID CISHA CICOMMITMESSAGE CICOMMITTITLE
    GITHUBSHA GHSHA TRAVISCOMMIT TRAVISPULLREQUESTSHA DRONECOMMIT DRONECOMMITSHA CIRCLESHA1
    BUILDKITECOMMIT BITBUCKETCOMMIT SEMAPHOREGITSHA CODEBUILDRESOLVEDSOURCEVERSION
    HEROKUSLUGCOMMIT RAILWAYGITCOMMITSHA RENDERGITCOMMIT VERCELGITCOMMITSHA
    """.split()
)
# Somebody's own version: only where the text has none.
_VERSIONS = frozenset(
    """
    VERSION APPVERSION IMAGEVERSION BUILDVERSION RELEASEVERSION PACKAGEVERSION PKGVERSION
    PROJECTVERSION SERVICEVERSION SOFTWAREVERSION PRODUCTVERSION FULLVERSION SEMVER VERSIONTAG
    VERSIONSTRING RELEASE GITVERSION GITTAG SENTRYRELEASE APPRELEASE
    """.split()
)
_OWN = re.compile(
    r"(?:APP|APPLICATION|IMAGE|SERVICE|PROJECT|VITE|NEXT_PUBLIC|REACT_APP"
    r"|NUXT_PUBLIC|VUE_APP|PUBLIC)_(?=.)"
)
_PLACEHOLDERS = frozenset(
    """
    dev devel develop development dev-build latest local localdev local-dev local-build main master
    head edge next nightly canary snapshot unknown none null nil undefined unset unspecified
    unversioned untagged na n/a no-version not-set notset test testing todo tbd empty default custom
    dirty 0 0.0 xxx ? - . docker
    """.split()
)
_ZERO = re.compile(r"v?0\.0\.0(?:[-+.~].*)?|0{4,}|v?\d+\.\d+\.\d+-(?:dev|local|unknown)")
_HASH = re.compile(r"(?:sha\d+:)?[0-9a-f]{7,128}")
_RELEASE = re.compile(r"(?:[\w.]+[-/])?v?\d+(?:\.\d+)+\S*")


def is_placeholder(value: str | None) -> bool:
    """Whether a value only stands where another one belongs."""
    text = (value or "").strip().strip("\"'").strip("<>[]").lower()
    return not text or text in _PLACEHOLDERS or _ZERO.fullmatch(text) is not None


def is_new_by_name(name: str, default: str | None = None) -> bool:
    """Whether an argument of this name and default gets a new value with (nearly) every build."""
    plain = _plain(name)
    if plain in _COUNTED:
        return True
    if is_placeholder(default):
        return plain in _COMMITS or plain in _VERSIONS
    text = (default or "").strip().strip("\"'").lower()
    pinned = _HASH.fullmatch(text) or _RELEASE.fullmatch(text)
    return plain in _COMMITS and pinned is None


def is_commit_or_count(name: str) -> bool:
    """Whether a variable of this name, in CI or a script, has a new value with each build."""
    plain = _plain(name)
    return plain in _COUNTED or plain in _COMMITS


def _plain(name: str) -> str:
    text = name.replace("-", "_").upper()
    own = _OWN.match(text)
    known = text.replace("_", "")
    if own is None or known in _COUNTED | _COMMITS | _VERSIONS:
        return known
    return text[own.end() :].replace("_", "")
