"""The config of the image a stage makes: environment, labels, command (semantics.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reorder.equivalence.program import Refused, Step
from reorder.equivalence.scope import Scope, env_pairs
from reorder.equivalence.values import fold


@dataclass(frozen=True, slots=True)
class Config:
    """Fields by name. `env` is apart because the image keeps the order of first assignment."""

    fields: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    triggers: tuple[Step, ...] = ()
    has_cmd: bool = False  # a CMD was seen in this stage (BuildKit `cmdSet`)
    command: tuple[str, ...] = ()  # the words of CMD as written, to see which tools it runs
    entrypoint: tuple[str, ...] = ()
    health: tuple[str, ...] = ()  # the words of the last HEALTHCHECK
    volumes: tuple[str, ...] = ()  # as far as they are known

    def with_fields(self, **fields: str) -> Config:
        """The config with some fields set."""
        return replace(self, fields={**self.fields, **fields})


def derived(config: Config) -> Config:
    """What `FROM stage` starts with: everything but its triggers, which run instead."""
    return replace(config, triggers=(), has_cmd=False)


def after(config: Config, scope: Scope, step: Step, escape: str) -> Config:
    """The config after an instruction; `scope` is the one in force before it."""
    match step.keyword:
        case "env":
            values = env_pairs(scope, step, escape)
            return replace(config, env={**config.env, **{k: v.sym for k, v in values.items()}})
        case "label":
            labels = env_pairs(scope, step, escape)
            return config.with_fields(**{f"label {k}": v.sym for k, v in labels.items()})
        case "cmd":
            config = config.with_fields(cmd=_command(scope, step))
            return replace(config, has_cmd=True, command=step.words or (step.rest,))
        case "entrypoint":
            if not config.has_cmd:
                config = replace(config.with_fields(cmd="none"), command=())
            config = config.with_fields(entrypoint=_command(scope, step))
            return replace(config, entrypoint=step.words or (step.rest,))
        case "expose":
            ports = scope.value(step.rest, step, escape)
            if not ports.certain:
                return config.with_fields(**{f"expose {ports.sym}": "yes"})
            found = ports.sym.lower().split()
            return config.with_fields(**{f"expose {port}": "yes" for port in found})
        case "volume":
            paths = step.words if step.words is not None else tuple(step.rest.split())
            names = [scope.value(word, step, escape).sym for word in paths]
            config = config.with_fields(**{f"volume {name}": "yes" for name in names})
            return replace(config, volumes=(*config.volumes, *names))
        case "stopsignal":
            return config.with_fields(stopsignal=scope.value(step.rest, step, escape).sym)
        case "healthcheck":
            flags = sorted(f"{name}={value}" for name, value in step.flags)
            config = config.with_fields(healthcheck=fold(step.rest, *flags))
            return replace(config, health=(step.rest,))
        case "maintainer":
            return config.with_fields(maintainer=step.rest)
        case "onbuild" if step.trigger is not None:
            return replace(config, triggers=(*config.triggers, step.trigger))
        case "workdir" | "user" | "shell":
            return config
    raise Refused(f"{step.keyword.upper()} is not followed", step.line)


def summary(config: Config, scope: Scope) -> dict[str, str]:
    """Every field of the final config by the name a user would give it."""
    found = dict(config.fields)
    found["the order of ENV"] = " ".join(config.env)
    found |= {f"ENV {name}": value for name, value in config.env.items()}
    found["USER"] = scope.user.sym
    found["WORKDIR"] = scope.folder.sym
    found["SHELL"] = fold(*scope.shell)
    found["ONBUILD"] = fold(*(_trigger(step) for step in config.triggers))
    # FROM of this stage takes its build environment too.
    found["the build environment"] = fold(*(f"{k}={v.sym}" for k, v in sorted(scope.env.items())))
    return found


def _command(scope: Scope, step: Step) -> str:
    if step.words is not None:
        return fold("exec", *step.words)
    return fold("shell", step.rest, *scope.shell)


def _trigger(step: Step) -> str:
    return fold(step.keyword, step.value, *(inline.body for inline in step.inlines))
