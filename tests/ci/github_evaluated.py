"""What the inputs of a written workflow come to in a run, the steps that name things included."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reorder.ci.github.expressions import Value, rendered
from reorder.ci.github.file import Job, Workflow, read
from reorder.ci.github.images import environment
from reorder.ci.github.policy import reached
from reorder.ci.github.runs import Run, runs
from reorder.ci.github.steps import ID


@dataclass(frozen=True, slots=True)
class Caches:
    """The references that one build imports and exports in one run."""

    run: Run
    imported: tuple[str, ...]
    exported: tuple[str, ...]


def caches(text: str, main: str, folder: Path, **more: Value) -> list[Caches]:
    """For every kind of run that a workflow's triggers lead to, and every build of it."""
    workflow = read(text)
    assert isinstance(workflow, Workflow)
    return [
        found
        for run in runs(workflow.events, main)
        for job in workflow.jobs
        if reached([run], [job.condition], workflow.env)
        for found in _of_job(workflow, job, run, folder, more)
    ]


def _of_job(
    workflow: Workflow, job: Job, run: Run, folder: Path, more: dict[str, Value]
) -> Iterator[Caches]:
    values: dict[str, Value] = {**run.values, "github.repository": "acme/shop", **more}
    values |= {f"matrix.{name}": told[0] for name, told in job.matrix.items() if told}
    for step in job.steps:
        env = {}
        for name, template in environment(workflow, job, step).items():
            env[name] = rendered(template, values) or ""
            values[f"env.{name.lower()}"] = env[name]
        if step.run is not None and step.id.startswith(ID):  # no other script is ever run
            output = folder / "output"
            output.write_text("")
            shell = {**env, "GITHUB_OUTPUT": str(output), "PATH": "/usr/bin:/bin"}
            subprocess.run(["sh", "-e", "-c", step.run.value], env=shell, check=True)
            for line in output.read_text().splitlines():
                name, _, value = line.partition("=")
                values[f"steps.{step.id}.outputs.{name}"] = value
        if "cache-from" in step.inputs and reached([run], [step.condition], env):
            yield Caches(
                run,
                _references(rendered(step.inputs["cache-from"], values)),
                _references(rendered(step.inputs.get("cache-to", ""), values)),
            )


def _references(value: str | None) -> tuple[str, ...]:
    assert value is not None, "not known"
    fields = [field for line in value.splitlines() for field in line.split(",")]
    return tuple(field[4:] for field in fields if field.startswith("ref="))
