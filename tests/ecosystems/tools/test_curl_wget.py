"""Downloads: options and operands that are not understood first, then which files are written."""

from __future__ import annotations

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Opaque

FROM = "https://example.org/a/tool.tgz"


def effects(command: str, cwd: str = "/app") -> CommandEffects:
    found = understand(call(command, cwd, {"HOME": "/root"}), image(base=""))
    assert isinstance(found, CommandEffects), found
    return found


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param(f"curl -K more.txt {FROM}", "curl -K", id="options from a file"),
        pytest.param(f"curl --config more.txt {FROM}", "--config", id="long options from a file"),
        pytest.param(f"curl --unheard-of {FROM}", "--unheard-of", id="an unknown option"),
        pytest.param(f"curl -o $OUT {FROM}", "$OUT", id="a file that is not known"),
        pytest.param("curl -o x $ADDRESS", "$ADDRESS", id="an address that may be options"),
        pytest.param('curl -o x "$ADDRESS"', "$ADDRESS", id="an address of any scheme"),
        pytest.param("curl -o x file://$X", "file://$X", id="a local file that is not known"),
        pytest.param(f"curl --output-dir $X -O {FROM}", "$X", id="a folder that is not known"),
        pytest.param(f"curl -o 'f_#1' {FROM}", "#1", id="a pattern of output names"),
        pytest.param(f"curl -d @$X {FROM}", "@$X", id="data from a file that is not known"),
        pytest.param(f"curl -w '%output{{x}}a' {FROM}", "%output", id="a format that writes"),
        pytest.param("curl -o", "lacks its value", id="no value"),
        pytest.param("wget -i list.txt", "wget -i", id="addresses from a file"),
        pytest.param(f"wget -e 'output_document = x' {FROM}", "-e", id="a setting"),
        pytest.param(f"wget --config=x {FROM}", "--config", id="settings from a file"),
        pytest.param(f"wget -b {FROM}", "-b", id="in the background"),
        pytest.param(f"wget --warc-file=x {FROM}", "--warc-file", id="an archive of its own"),
        pytest.param(f"wget -O $X {FROM}", "$X", id="a file of wget that is not known"),
        pytest.param(f"wget -P $X {FROM}", "$X", id="a folder of wget that is not known"),
        pytest.param(f"wget -N {FROM}", "wget -N", id="newer files"),
        pytest.param(f"curl -z x {FROM}", "curl -z", id="files newer than another"),
        pytest.param("wget $ADDRESS", "$ADDRESS", id="an address of wget that is not known"),
    ],
)
def test_opaque_with_the_reason(command: str, reason: str) -> None:
    found = understand(call(command, env={}), image(base=""))
    assert isinstance(found, Opaque)
    assert reason in found.reason


@pytest.mark.parametrize("tool", ["curl", "wget"])
def test_settings_that_the_context_brings_are_not_understood(tool: str) -> None:
    files = {f"/root/.{tool}rc": "output = /app/x"}
    found = understand(call(f"{tool} {FROM}"), image(files, application=frozenset({"/root"})))
    assert isinstance(found, Opaque)
    assert f".{tool}rc" in found.reason


@pytest.mark.parametrize(
    ("command", "files"),
    [
        (f"curl {FROM}", set()),
        (f"curl -fsSL -o - {FROM}", set()),
        (f"curl -fsSL -o /dev/null {FROM}", set()),
        (f"curl -fsSLo /usr/bin/tool {FROM}", {"/usr/bin/tool"}),
        (f"curl --output=x {FROM}", {"/app/x"}),
        (f"curl -sSLO {FROM}?raw=1", {"/app/tool.tgz"}),
        (f"curl -O --output-dir /opt {FROM}", {"/opt/tool.tgz"}),
        (f"curl --create-dirs -o /opt/a/b {FROM}", {"/opt/a/b", "/opt/a"}),
        (f"curl -c jar -D head -o x {FROM}", {"/app/x", "/app/jar", "/app/head"}),
        (f"curl -o a {FROM} -o b {FROM}", {"/app/a", "/app/b"}),
        ("curl -o x https://example.org/$VERSION/y", {"/app/x"}),
        ("curl -O https://example.org/$VERSION/y", {"/app/y"}),
        (f"curl {FROM} > out", {"/app/out"}),
    ],
)
def test_what_curl_writes(command: str, files: set[str]) -> None:
    found = understand(call(command, env={"HOME": "/root", "VERSION": None}), image())
    assert isinstance(found, CommandEffects), found
    assert found.writes.files == files
    assert not found.writes.trees
    assert not found.writes.globs
    assert found.costly


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("curl -OJ https://example.org/x", id="the server gives the name"),
        pytest.param("curl -O https://example.org/tool-$VERSION.tgz", id="a variable in the name"),
        pytest.param("curl -O 'https://example.org/{a,b}.tgz'", id="several names"),
        pytest.param("wget --content-disposition https://example.org/x", id="wget's server"),
        pytest.param("wget https://example.org/tool-$VERSION.tgz", id="a variable for wget"),
    ],
)
def test_a_name_that_is_not_known_lies_in_the_folder(command: str) -> None:
    found = understand(call(command, "/opt/x", {"HOME": "/root", "VERSION": None}), image())
    assert isinstance(found, CommandEffects), found
    assert found.writes.globs == {"/opt/x/*"}


@pytest.mark.parametrize(
    ("command", "files"),
    [
        (f"wget -q {FROM}", {"/app/tool.tgz", "/app/tool.tgz.1"}),
        (f"wget -qO- {FROM}", set()),
        (f"wget -nv -O /opt/x {FROM}", {"/opt/x"}),
        (f"wget -P /opt/a {FROM}", {"/opt/a", "/opt/a/tool.tgz", "/opt/a/tool.tgz.1"}),
        (f"wget --spider {FROM}", set()),
        ("wget https://example.org/a?b=c", {"/app/a?b=c", "/app/a?b=c.1"}),
        ("wget https://example.org/", {"/app/index.html", "/app/index.html.1"}),
    ],
)
def test_what_wget_writes(command: str, files: set[str]) -> None:
    found = effects(command)
    assert found.writes.files == files
    assert found.writes.trees == {"/root/.wget-hsts"}


def test_a_recursive_download_fills_its_folder() -> None:
    assert "/opt/site" in effects(f"wget -r -np -nH -P /opt/site {FROM}").writes.trees


def test_it_reads_the_system_and_what_options_name() -> None:
    found = effects(f"curl --cacert ca.pem -d @body.json -F 'f=@form.txt' -o x {FROM}")
    assert {"/app/ca.pem", "/app/body.json", "/app/form.txt"} <= found.reads.files
    assert found.reads.contains("/etc/ssl/certs/ca-certificates.crt")
    assert not found.reads.contains("/app/main.py")


def test_a_local_address_is_read() -> None:
    assert effects("curl -o /opt/x file:///app/data.bin").reads.contains("/app/data.bin")


def test_the_folder_of_a_file_must_be_there() -> None:
    assert effects(f"curl -o vendor/x {FROM}").reads.contains("/app/vendor")
    assert not effects(f"curl -o x {FROM}").reads.contains("/app")
    assert effects(f"curl -o /app/x {FROM}", "/").reads.contains("/app")


def test_proxies_and_certificates_of_the_environment_are_read() -> None:
    found = effects(f"curl -o x {FROM}").env
    assert found is not None
    assert {"https_proxy", "HTTPS_PROXY", "SSL_CERT_*", "HOME"} <= found
