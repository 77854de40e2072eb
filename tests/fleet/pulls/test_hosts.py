"""Which server is asked, and which token it gets."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable

import pytest

from reorder.errors import InputError
from reorder.fleet.pulls import hosts
from reorder.fleet.pulls.opening import LIBRARIES, opener

EVERY = {
    name: f"value-of-{name}"
    for name in "GITHUB_TOKEN GITLAB_TOKEN GITEA_TOKEN FORGEJO_TOKEN CODEBERG_TOKEN MINE".split()
}


def token(host: str, *words: str) -> str | None:
    return hosts.token_of(hosts.place_of(host, hosts.named(words)), EVERY)


@pytest.mark.parametrize("host", ["git.example.com", "github.com.example.com", "evilgithub.com"])
def test_a_host_that_nobody_named_gets_nothing(host: str) -> None:
    with pytest.raises(InputError, match=f"^{host}: .* --forge {host}=github"):
        hosts.place_of(host, {})


def test_the_token_of_github_com_goes_to_no_other_server() -> None:
    assert token("github.com") == "value-of-GITHUB_TOKEN"
    assert token("git.example.com", "git.example.com=github") is None


def test_codeberg_does_not_get_the_token_of_another_gitea() -> None:
    assert token("codeberg.org") == "value-of-CODEBERG_TOKEN"
    assert token("codeberg.org", "codeberg.org=gitea") == "value-of-CODEBERG_TOKEN"


def test_a_server_that_is_named_gets_the_token_of_its_kind_or_its_own() -> None:
    assert token("git.example.com", "git.example.com=gitlab") == "value-of-GITLAB_TOKEN"
    assert token("git.example.com", "git.example.com=gitea,token=MINE") == "value-of-MINE"


@pytest.mark.parametrize(
    "word",
    [
        "",
        "git.example.com",
        "=github",
        "git.example.com=bitbucket",
        "a/b=github",
        "me@h=github",
        "h=github,",
        "h=github,url=ftp://h",
        "h=github,url=https://me:secret@h",
        "h=github,token=glpat-secret",
        "h=github,secret=1",
    ],
)
def test_a_server_that_cannot_be_read_is_told_without_its_values(word: str) -> None:
    with pytest.raises(InputError, match=r"^--forge: .*HOST=") as caught:
        hosts.named([word])
    assert "secret@" not in str(caught.value)
    assert "glpat" not in str(caught.value)


def test_a_server_below_a_path() -> None:
    (place,) = hosts.named(["Git.Example.com=gitlab,url=https://example.com/gitlab/"]).values()
    assert (place.host, place.url) == ("git.example.com", "https://example.com/gitlab")


def test_a_place_that_is_shown_has_no_token() -> None:
    assert "value-of" not in repr(hosts.place_of("github.com", {}))


@pytest.mark.parametrize("kind", LIBRARIES)
def test_a_missing_library_is_told_with_the_line_to_type(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find: Callable[[str], object] = importlib.util.find_spec
    monkeypatch.setattr(
        "reorder.fleet.pulls.opening.find_spec",
        lambda name: None if name in dict(LIBRARIES.values()) else find(name),
    )
    at = opener(hosts.named([f"h.example={kind}"]), {}, writes=False)
    with pytest.raises(InputError, match=rf"pip install 'dockerfile-reorder\[{kind}\]'"):
        at("h.example")


def test_what_writes_needs_a_token_before_it_begins() -> None:
    with pytest.raises(InputError, match="a token is needed; set GH_TOKEN or GITHUB_TOKEN"):
        opener({}, {}, writes=True)("github.com")


def test_a_forge_of_another_kind_is_told() -> None:
    at = opener({}, EVERY, writes=True, only="github")
    with pytest.raises(InputError, match=r"^gitlab.com: is a gitlab, and --pr says github"):
        at("gitlab.com")


def test_a_server_is_opened_once() -> None:
    at = opener({}, EVERY, writes=True)
    assert at("gitlab.com") is at("gitlab.com")


def test_no_library_is_imported_before_a_forge_is_opened() -> None:
    ours = "reorder.fleet.pulls.opening, reorder.fleet.listing.rows"
    code = f"import sys, {ours}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"github", "gitlab", "requests", "urllib3"} & set(done.stdout.split())
