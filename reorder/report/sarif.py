"""Results as SARIF 2.1.0, for GitHub code scanning and others that read it.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01";
GitHub documentation, "SARIF support for code scanning".
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from urllib.parse import quote

from reorder import __version__
from reorder.report.diff import PatchPath
from reorder.report.findings import Finding, failure, findings
from reorder.report.sarif_fix import Place, fix
from reorder.report.sarif_rules import rules
from reorder.result import Result
from reorder.transforms.ids import IDS

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"  # the name that GitHub's own examples have for the root of the repository
FINGERPRINT = "reorderInstruction/v1"
_PREFIX = {"change": "", "advice": "Advice: ", "refusal": "Refused: "}


def render(results: Sequence[Result], patch_path: PatchPath) -> str:
    """One run, ended by a newline. Plain ASCII, and no path of this machine.

    A change is a warning, with the fix that makes all those of its file; advice and refusals are
    notes. What could not be read is a notification of the run.
    """

    def place(path: str) -> dict[str, object]:
        raw = patch_path(path).encode("utf-8", "surrogateescape")
        return {"uri": quote(raw), "uriBaseId": ROOT}

    run = {
        "tool": {"driver": {"name": "reorder", "version": __version__, "rules": rules()}},
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(results, place)],
        "defaultEncoding": "utf-8",
        "columnKind": "unicodeCodePoints",
        "results": [row for result in results for row in _results(result, place)],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _invocation(results: Sequence[Result], place: Place) -> dict[str, object]:
    told = [_notification(result, place) for result in results if result.status == "error"]
    return {"executionSuccessful": not told, "toolExecutionNotifications": told}


def _notification(result: Result, place: Place) -> dict[str, object]:
    failed = failure(result)
    where: dict[str, object] = {"artifactLocation": place(result.path)}
    if failed is not None and failed.line:
        where["region"] = {"startLine": failed.line}
    return {
        "level": "error",
        "message": {"text": _literal(failed.message if failed is not None else "failed")},
        "locations": [{"physicalLocation": where}],
    }


def _results(result: Result, place: Place) -> Iterator[dict[str, object]]:
    seen: Counter[str] = Counter()
    fixed = fix(result, place)
    for found in findings(result):
        digest = _digest(found)
        seen[digest] += 1
        row = _row(found, place(result.path), f"{digest}:{seen[digest]}")
        yield row if found.kind != "change" or fixed is None else {**row, "fixes": [fixed]}


def _row(found: Finding, artifact: dict[str, object], fingerprint: str) -> dict[str, object]:
    region = {"startLine": found.line, "endLine": found.end_line}
    assumed = "".join(f"\nAssumes: {assumption}" for assumption in found.assumptions)
    properties: dict[str, object] = {"kind": found.kind}
    if found.safety is not None:
        properties |= {"safety": found.safety, "assumptions": list(found.assumptions)}
    return {
        "ruleId": found.id,
        "ruleIndex": IDS.index(found.id),
        "level": "warning" if found.kind == "change" else "note",
        "message": {"text": _literal(f"{_PREFIX[found.kind]}{found.message}{assumed}")},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {FINGERPRINT: fingerprint},
        "properties": properties,
    }


def _literal(text: str) -> str:
    """Text without placeholders and links, whatever is in it (sections 3.11.5 and 3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def _digest(found: Finding) -> str:
    """What a finding is about, wherever its instruction stands."""
    about = "\0".join((found.kind, found.id, found.text))
    return sha256(about.encode("utf-8", "surrogateescape")).hexdigest()[:16]
