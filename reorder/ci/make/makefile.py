"""Makefiles whose recipes build images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from reorder.ci.branch import MAKE, VARIABLE, tag
from reorder.ci.contract import MAIN, Found, Planned, Settings
from reorder.ci.edits import Edit, applied, newline
from reorder.ci.make.text import Makefile, Masks, Recipe, Rule, read
from reorder.ci.shell.files import of
from reorder.ci.shell.line import Around, rewrite_script
from reorder.context.buildfiles import scripts
from reorder.context.project import Project

NAME: Final = "makefiles"
_NAMES: Final = ("Makefile", "makefile", "GNUmakefile")


def files(project: Project) -> list[str]:
    """The makefiles at the usual places."""
    found = [path for path in scripts(project) if _is_makefile(path.rpartition("/")[2])]
    return sorted(found)


def _is_makefile(name: str) -> bool:
    return name in _NAMES or name.endswith(".mk")


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The makefile with caches; None: it builds no image."""
    if "docker" not in text.lower() or "build" not in text:
        return None
    makefile, masks = read(text), Masks()
    recipes = [(rule, Recipe(text, rule, masks)) for rule in makefile.rules if rule.recipe]
    values = {
        masks.plain(form.format(name))[2:-1]: masks.plain(value)
        for name, value in makefile.values.items()
        for form in ("$({})", "${{{}}}")
    }
    wanted = _called(makefile.rules, settings)
    edits: list[Edit] = []
    found: list[Found] = []
    first: Rule | None = None
    for rule, recipe in recipes:
        # Which rules make runs first is not known here.
        others = "".join(other.text for at, other in recipes if at is not rule)
        around = Around(
            before=others,
            after=others,
            variables=values,
            by_hand=not wanted.intersection(rule.targets),
        )
        own = replace(settings, branch=MAIN)
        changes, said = rewrite_script(recipe.text, own, MAKE, around)
        if not makefile.shell and changes:
            reason = "The makefile changes the shell of its recipes."
            said, changes = [replace(one, status="refused", reason=reason) for one in said], []
        if changes:
            first = first or rule
        edits += recipe.edits(_with_variable(masks, changes), newline(text))
        found += [_shown(recipe, masks, one) for one in said]
    if not found:
        return None
    if first is not None and f"{VARIABLE} ?=" not in text:
        edits.append(
            _variable(text, makefile, first, settings, bool(wanted.intersection(first.targets)))
        )
    return Planned(path, text, applied(text, edits), tuple(found))


def _with_variable(masks: Masks, edits: Sequence[Edit]) -> list[Edit]:
    """The branch as the variable of make that it is."""
    own = masks.plain(f"$({VARIABLE})")
    return [replace(edit, text=edit.text.replace(f"${VARIABLE}", own)) for edit in edits]


def _shown(recipe: Recipe, masks: Masks, found: Found) -> Found:
    return replace(
        found,
        line=recipe.line(found.line),
        what=masks.show(found.what),
        reason=masks.show(found.reason),
        image=found.image and masks.show(found.image),
        cache=found.cache and masks.show(found.cache),
    )


def _called(rules: Sequence[Rule], settings: Settings) -> frozenset[str]:
    """The targets that a CI file makes, and what they need."""
    names = {t for rule in rules for t in rule.targets if f"make {t}" in settings.called}
    if "make " in settings.called and rules:
        names.update(rules[0].targets)
    for _ in range(len(rules)):
        more = {n for rule in rules if names.intersection(rule.targets) for n in rule.needs}
        if more <= names:
            break
        names |= more
    return frozenset(names)


def _variable(text: str, makefile: Makefile, rule: Rule, settings: Settings, called: bool) -> Edit:
    """The line that sets the branch: behind the other variables, or before the rule."""
    line, _ = tag(of(settings.systems if called else ()), settings.branch)
    command = (line or "").partition("=")[2].removeprefix("$(").removesuffix(")")
    value = f"{VARIABLE} ?= $(shell {command.replace('$', '$$')})"
    end = newline(text)
    at = max((at for at in makefile.sets if at <= rule.start), default=None)
    if at is not None:
        at = text.find("\n", at) + 1
        return Edit(at, at, f"{value}{end}")
    at = rule.start
    lines = text[:at].splitlines(keepends=True)
    while lines and (lines[-1].startswith(("#", ".PHONY"))):
        at -= len(lines.pop())
    before = end if lines and lines[-1].strip() else ""
    return Edit(at, at, f"{before}{value}{end}{end}")
