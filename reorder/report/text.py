"""What happened, for people: a line per change and refusal, as editors can open it, then counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reorder.report.counts import Counts, count
from reorder.report.style import Style, number, visible
from reorder.report.words import differs, expected
from reorder.result import IgnoreChange, Result, Safety

_SHOWN = 4  # added ignore patterns; the diff has them all


def summary(
    results: Sequence[Result], *, written: bool, colour: bool = False, verbose: bool = False
) -> str:
    """The changes of every file and why it was skipped, then the counts.

    `verbose` adds refusals, and what a change assumes. Errors are counted only: they were told when
    they happened. `written` says whether the changes are on disk. Control characters are shown,
    never sent.
    """
    style = Style(colour)
    lines = [line for result in results for line in _file(result, style, written, verbose)]
    if lines:
        lines.append("")
    lines.append(style.bold(_counts(count(results), written)))
    hidden = "" if verbose else _hidden(results)
    if hidden:
        lines.append(f"Not told: {hidden}; --verbose tells.")
    return "\n".join(lines) + "\n"


def paint(diff: str, *, colour: bool = True) -> str:
    """A diff for a terminal: coloured, control characters shown, without "\\r" at line ends."""
    style = Style(colour)
    lines = (line.removesuffix("\r") for line in diff.split("\n"))
    return "\n".join(_diff_line(visible(line), style) for line in lines)


def _hidden(results: Sequence[Result]) -> str:
    """What only `verbose` tells."""
    refused = sum(len(result.refusals) for result in results if not _is_skipped(result))
    assumed = sum(len(change.assumptions) for result in results for change in result.changes)
    parts = [number(refused, "refusal")] * bool(refused)
    parts += [number(assumed, "assumption")] * bool(assumed)
    return " and ".join(parts)


def _is_skipped(result: Result) -> bool:
    return result.status == "skipped"  # then the refusal says why


def _file(result: Result, style: Style, written: bool, verbose: bool) -> Iterator[str]:
    path = visible(result.path)
    for change in sorted(result.changes, key=lambda change: change.line):
        where = style.bold(f"{path}:{change.line}:")
        mark = _unsafe(change.safety, style)
        yield f"{where} {style.green(change.id)}{mark}: {visible(change.message)}"
        for assumption in change.assumptions if verbose else ():
            yield style.dim(f"    assumes: {visible(assumption)}")
    if result.ignore is not None:
        yield _ignore(result.ignore, style, written)
    for advice in sorted(result.advice, key=lambda advice: advice.line):
        where = style.bold(f"{path}:{advice.line}:")
        yield f"{where} {style.yellow('advice')} {advice.id}: {visible(advice.message)}"
    refusals = result.refusals if verbose or _is_skipped(result) else ()
    for refusal in sorted(refusals, key=lambda refusal: refusal.line):
        where = style.bold(f"{path}:{refusal.line}:")
        yield f"{where} {style.yellow('refused')} {refusal.id}: {visible(refusal.reason)}"
    if result.estimate is not None and result.after != result.before and differs(result.estimate):
        yield f"{style.bold(path + ':')} {expected(result.estimate)}"


def _unsafe(safety: Safety, style: Style) -> str:
    return "" if safety == "safe" else style.yellow(" (unsafe)")


def _ignore(ignore: IgnoreChange, style: Style, written: bool) -> str:
    verb = "extended" if ignore.before is not None else "created"
    what = verb if written else f"would be {verb}"
    names = ", ".join(ignore.added[:_SHOWN])
    rest = len(ignore.added) - _SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    tail = f" with {names}{more}" if names else ""
    return f"{style.bold(visible(ignore.path) + ':')} {what}{visible(tail)}"


def _counts(counts: Counts, written: bool) -> str:
    if not counts.files:
        return "No Dockerfile found."
    verb = "changed" if written else "would change"
    parts = [f"{number(counts.changed, 'file')} {verb}", f"{counts.unchanged} unchanged"]
    if counts.skipped:
        parts.append(f"{counts.skipped} skipped")
    if counts.refusals:
        parts.append(number(counts.refusals, "refusal"))
    if counts.errors:
        parts.append(number(counts.errors, "error"))
    return ", ".join(parts) + "."


def _diff_line(line: str, style: Style) -> str:
    if line.startswith(("diff ", "new file ", "--- ", "+++ ")):
        return style.bold(line)
    if line.startswith("@@"):
        return style.dim(line)
    if line.startswith("+"):
        return style.green(line)
    return style.red(line) if line.startswith("-") else line
