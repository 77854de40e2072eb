"""New steps and new inputs in a workflow's text, in the style of what stands around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reorder.ci.edits import Edit, line_end, newline
from reorder.ci.github.expressions import parts
from reorder.ci.github.file import Step

if TYPE_CHECKING:
    from yaml.nodes import Node

_RISKY: Final = re.compile(r":\s|\s#|^[^$A-Za-z]")


class Unwritable(ValueError):
    """A place that is written in a way that no line can be added to; says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step begins: the offset of its line, its dash and its keys."""

    at: int  # comments above it included
    dash: int
    keys: int
    alone: bool  # the dash has a line to itself
    blank: bool  # an empty line is above


def inputs(text: str, step: Step, values: Sequence[tuple[str, Sequence[str]]]) -> Edit:
    """More inputs at the end of a step's `with:`. Raises Unwritable."""
    lines: list[str] = []
    for name, told in values:
        if len(told) == 1 and not _RISKY.search(told[0]):
            lines.append(f"{name}: {told[0]}")
        else:
            mark = "|" if len(told) > 1 else ">-"
            lines += [f"{name}: {mark}", *(f"  {line}" for line in told)]
    return entries(text, step.given, lines)


def entries(text: str, given: Node | None, lines: Sequence[str]) -> Edit:
    """More lines at the end of a mapping. Raises Unwritable."""
    import yaml

    if not isinstance(given, yaml.MappingNode) or given.flow_style or not given.value:
        raise Unwritable("its inputs are not written one to a line")
    first = given.value[0][0].start_mark
    _outside_flow(text, first.index, first.column)
    end = len(text[: given.value[-1][1].end_mark.index].rstrip())
    at = line_end(text, end)
    break_ = newline(text)
    front = "" if text[:at].endswith("\n") else break_
    pad = " " * first.column
    body = break_.join(pad + line for line in lines)
    return Edit(at, at, front + body + ("" if front else break_))


def steps(text: str, before: Step, added: Sequence[Sequence[str]]) -> Edit:
    """New steps in front of one; each is its lines, without the dash. Raises Unwritable."""
    place = _place(text, before)
    break_ = newline(text)
    written = ""
    for lines in added:
        head = " " * place.dash + "-"
        if place.alone:
            head += break_ + " " * place.keys
        else:
            head += " " * (place.keys - place.dash - 1)
        pad = break_ + " " * place.keys
        written += head + pad.join(lines) + break_ + (break_ if place.blank else "")
    return Edit(place.at, place.at, written)


def _place(text: str, step: Step) -> Place:
    mark = step.node.start_mark
    dash = len(text[: mark.index].rstrip(" \r\n")) - 1
    line = text.rfind("\n", 0, dash) + 1
    if step.node.flow_style or text[dash : dash + 1] != "-" or text[line:dash].strip(" "):
        raise Unwritable("its steps are not written in lines of their own")
    _outside_flow(text, mark.index, mark.column)
    at, column = line, dash - line
    while at:
        above = text.rfind("\n", 0, at - 1) + 1
        said = text[above:at]
        if not said.lstrip().startswith("#") or len(said) - len(said.lstrip()) < column:
            break
        at = above
    over = text[text.rfind("\n", 0, at - 1) + 1 : at] if at else ""
    return Place(at, column, mark.column, "\n" in text[dash : mark.index], not over.strip())


def _outside_flow(text: str, index: int, column: int) -> None:
    start = text.rfind("\n", 0, index) + 1
    if text[start:index].strip(" -") or index - start != column:
        raise Unwritable("it is not written in lines of its own")


def expression(template: str) -> str:
    """A template as one expression: a string, or a call of `format`."""
    found = parts(template)
    if len(found) == 1:
        return f"'{template.replace(chr(39), chr(39) * 2)}'"
    if len(found) == 3 and not found[0] + found[2]:
        return f"({found[1]})" if "||" in found[1] else found[1]
    text, values = "", list(dict.fromkeys(found[1::2]))
    for index, part in enumerate(found):
        if index % 2:
            text += f"{{{values.index(part)}}}"
        else:
            text += part.replace("{", "{{").replace("}", "}}").replace("'", "''")
    return f"format('{text}', {', '.join(values)})"


def only(when: str, template: str) -> str:
    """A template that is empty unless a condition holds."""
    if not when:
        return template
    return f"${{{{ {f'({when})' if '||' in when else when} && {expression(template)} || '' }}}}"
