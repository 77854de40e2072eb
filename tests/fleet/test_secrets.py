"""Nothing secret in what is printed."""

from __future__ import annotations

import pytest

from reorder.fleet.secrets import redacted

SECRET = "s3cr3t/t0ken+value"


@pytest.mark.parametrize(
    "text",
    [
        "plain text",
        "https://h.example/o/n",
        "git@h.example:o/n",
        "ssh://git@h.example/o/n",
        "mail me@h.example or see https://h.example/a@b",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "https://me:hidden@h.example/o/n",
        "https://hidden@h.example/o/n",
        "HTTP://me:hid@den@h.example",
        "fatal: unable to access 'https://x:hidden@h.example/o/n.git/': no",
        "ssh://git:hidden@h.example/o/n",
        "socks5h://hidden@h.example https://hidden@i.example",
    ],
)
def test_credentials_of_urls(text: str) -> None:
    shown = redacted(text)
    assert "hidden" not in shown
    assert "den@" not in shown
    assert "h.example" in shown


@pytest.mark.parametrize(
    "name",
    ["GITHUB_TOKEN", "gitlab_token", "AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "NPM_AUTH", "API_KEY",
     "X_PAT", "SSH_PASSPHRASE", "GOOGLE_CREDENTIALS"],
)  # fmt: skip
def test_values_of_secret_variables(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, SECRET)
    assert redacted(f"a {SECRET} b") == "a *** b"
    assert redacted("a s3cr3t%2Ft0ken%2Bvalue b") == "a *** b"


def test_every_line_of_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY_KEY", "-----BEGIN-----\nfirstline\nsecondline\n")
    assert redacted("has secondline") == "has ***"


@pytest.mark.parametrize(
    ("name", "value"),
    [("GITHUB_TOKEN", "short"), ("KEYBOARD", "colemak-dh"), ("MONKEY", "bonobo-1")],
)
def test_values_that_are_too_short_or_no_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert redacted(f"a {value} b") == f"a {value} b"


def test_what_the_caller_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert redacted("a xyz b", extra=["xyz", ""]) == "a *** b"


def test_the_longer_secret_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_TOKEN", "abcdefgh")
    monkeypatch.setenv("B_TOKEN", "abcdefghijkl")
    assert redacted("abcdefghijkl") == "***"
