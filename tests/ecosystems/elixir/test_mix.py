"""Mix: uses that are not understood first, then refusals, then closures and caches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import CommandEffects, Install
from reorder.ecosystems.elixir import mix
from reorder.ecosystems.elixir.mix_lock import satisfies
from reorder.shell.nodes import Opaque

SUM = "0" * 64
LOCK = f"""%{{
  "jason": {{:hex, :jason, "1.4.1", "{SUM}", [:mix], [], "hexpm", "{SUM}"}},
  "lib": {{:git, "https://github.com/a/lib.git", "abc", [tag: "v1"]}},
}}
"""


def script(deps: str = '{:jason, "~> 1.4"}', settings: str = "", more: str = "") -> str:
    return f"""defmodule A.MixProject do
  use Mix.Project

  def project do
    [
      app: :a,
      version: "0.1.0",
      {settings}
      deps: deps()
    ]
  end

  defp deps do
    [{deps}]
  end
{more}
end
"""


def project(text: str = "", files: Mapping[str, str] | None = None, lock: str = LOCK) -> Any:
    found = {"/app/mix.exs": text or script(), **(files or {})}
    return {**found, "/app/mix.lock": lock} if lock else found


def effects(
    command: str,
    files: Mapping[str, str],
    env: Mapping[str, str | None] | None = None,
    **overrides: Any,
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = mix.effects(call(command, env=state), image(files, **overrides))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Mapping[str, str], **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


@pytest.mark.parametrize(
    "command",
    [
        "mix compile",
        "mix release",
        "mix do compile, deps.get",
        "mix phx.digest",
        "mix test",
        "mix $TASK",
        "mix archive.install ./x.ez",
        "mix local.rebar rebar3 ./rebar3",
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(mix.effects(call(command), image(project())), Opaque)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(
            script(settings='x: System.cmd("git", []),'), "`System.cmd`", id="runs a command"
        ),
        pytest.param(
            script(settings="x: v(),", more="  defp v, do: File.read!(p())"),
            "name is not",
            id="a name",
        ),
        pytest.param(script(settings='x: Path.wildcard("*"),'), "`Path.wildcard`", id="looks"),
        pytest.param(script(settings='x: File.ls!("."),'), "`File.ls!`", id="lists"),
        pytest.param(script('{:l, path: System.get_env("L")}'), "dependency l lies", id="a path"),
        pytest.param(script(settings="lockfile: lock(),"), "`lockfile`", id="a lockfile"),
        pytest.param(script(settings="x: :os.cmd('ls'),"), "`:os`", id="erlang"),
    ],
)
def test_a_project_that_may_read_more(text: str, reason: str) -> None:
    refusal = install("mix deps.get", project(text)).refusal
    assert refusal is not None
    assert reason in refusal


def test_only_what_runs_counts() -> None:
    more = '  defp aliases, do: [x: &copy/1]\n  defp copy(_), do: File.cp!("a", "b")'
    text = script(settings="aliases: aliases(),", more=more)
    assert install("mix deps.get", project(text)).refusal is None


@pytest.mark.parametrize(
    ("deps", "reason"),
    [
        ('{:jason, "~> 1.5"}', "it has jason 1.4.1"),
        ('{:plug, "~> 1.0"}', "it lacks plug"),
        ("{:jason, version()}", "jason"),
        ('{:lib, github: "a/lib", tag: "v2"}', "another lib"),
        ('{:lib, github: "a/lib"}', "another lib"),
        ('{:lib, "~> 1.0"}', "another form"),
        ('{:jason, "~> 1.4", options()}', "a function gives"),
    ],
)
def test_a_lockfile_that_may_be_rewritten(deps: str, reason: str) -> None:
    files = project(script(deps, more="  defp options, do: []"))
    refusal = install("mix deps.get", files).refusal
    assert refusal is not None
    assert reason in refusal
    checked = install("mix deps.get --check-locked", files).refusal
    assert checked is None


@pytest.mark.parametrize(
    "deps",
    [
        '{:jason, "~> 1.4"}',
        '{:jason, ">= 1.0.0 and < 2.0.0", only: [:dev, :test], runtime: Mix.env() == :dev}',
        '{:jason, "== 1.4.1"}',
        '{:lib, github: "a/lib", tag: "v1"}',
        '{:lib, git: "https://github.com/a/lib.git", tag: "v1"}',
        "",
    ],
)
def test_a_lockfile_that_stays(deps: str) -> None:
    assert install("mix deps.get", project(script(deps))).refusal is None


@pytest.mark.parametrize(
    ("version", "requirement", "fits"),
    [
        ("1.4.1", "~> 1.4", True),
        ("2.0.0", "~> 1.4", False),
        ("1.4.9", "~> 1.4.1", True),
        ("1.5.0", "~> 1.4.1", False),
        ("1.0.0", ">= 0.1.0", True),
        ("1.0.0", "1.0.0", True),
        ("1.0.0", "> 1.0.0", False),
        ("3.0.0", "~> 1.0 or ~> 3.0", True),
        ("1.0.0-rc.1", "~> 1.0", False),
        ("1.0.0-rc.1", "~> 1.0.0-rc.1", True),
        ("1.0.0", "latest", False),
    ],
)
def test_requirements(version: str, requirement: str, fits: bool) -> None:
    assert satisfies(version, requirement) == fits


def test_what_is_fetched() -> None:
    files = project(script(settings='v: File.read!("VERSION"),'), {"/app/VERSION": "1"})
    found = effects("mix deps.get --only prod", files)
    assert found.install is not None
    assert found.install.refusal is None
    assert set(found.install.manifests) == {"/app/mix.exs", "/app/VERSION", "/app/mix.lock"}
    assert found.install.outputs == ("/app/deps",)
    assert found.install.ignore == ("deps",)
    assert not found.reads.contains("/app/config/config.exs")
    assert not found.writes.contains("/app/mix.lock")


def test_without_a_lockfile_it_is_made() -> None:
    assert effects("mix deps.get", project(lock="")).writes.contains("/app/mix.lock")


CONFIG = {
    "/app/config/config.exs": 'import Config\nimport_config "#{config_env()}.exs"\n',
    "/app/config/prod.exs": 'import Config\nconfig :a, x: System.get_env("X")\n',
    "/app/config/dev.exs": "import Config\n",
}


def test_compiling_needs_the_configuration_of_the_environment() -> None:
    found = effects("mix deps.compile", project(files=CONFIG), env={"MIX_ENV": "prod"})
    assert found.install is not None
    assert "/app/config/prod.exs" in found.install.manifests
    assert "/app/config/dev.exs" not in found.install.manifests
    assert found.env is not None
    assert "X" in found.env
    assert set(found.install.outputs) == {"/app/deps", "/app/_build"}
    other = install("mix deps.compile", project(files=CONFIG))
    assert "/app/config/dev.exs" in other.manifests
    unknown = install("mix deps.compile", project(files=CONFIG), env={"MIX_ENV": None})
    assert unknown.refusal is not None


UMBRELLA = {
    "/app/mix.exs": "defmodule U do\n  use Mix.Project\n  def project do\n"
    '    [apps_path: "apps", deps: []]\n  end\nend\n',
    "/app/apps/a/mix.exs": script(
        '{:b, in_umbrella: true}, {:jason, "~> 1.4"}', 'lockfile: "../../mix.lock",'
    ),
    "/app/apps/b/mix.exs": script("", 'lockfile: "../../mix.lock",'),
    "/app/mix.lock": LOCK,
}


def test_umbrella() -> None:
    found = effects("mix deps.get", UMBRELLA)
    assert found.install is not None
    assert found.install.refusal is None
    assert {"/app/apps/a/mix.exs", "/app/apps/b/mix.exs"} <= set(found.install.manifests)
    assert found.reads.contains("/app/apps/new/mix.exs")
    assert "umbrella" in (install("mix deps.compile", UMBRELLA).refusal or "")
    assert install("mix deps.compile --skip-umbrella-children", UMBRELLA).refusal is None
    own = {**UMBRELLA, "/app/apps/b/mix.exs": script("")}
    assert "a lockfile of its own" in (install("mix deps.get", own).refusal or "")


def test_a_dependency_in_a_folder() -> None:
    files = project(
        script('{:l, path: "libs/l"}'), {"/app/libs/l/mix.exs": script(""), "/app/libs/l/l.ex": ""}
    )
    assert "/app/libs/l/mix.exs" in install("mix deps.get", files).manifests
    assert install("mix deps.compile", files).folders == ("/app/libs/l",)


def test_several_tasks_in_one_call() -> None:
    for command in ("mix do deps.get, deps.compile", "mix do deps.get --only prod + deps.compile"):
        found = install(command, project(files=CONFIG))
        assert found.refusal is None
        assert set(found.outputs) == {"/app/deps", "/app/_build"}


def test_fetching_before_the_project_is_compiled() -> None:
    found = effects("MIX_ENV=prod mix do local.hex --force, deps.get, compile", project())
    assert found.barrier is not None
    assert found.prefetch is not None
    assert found.prefetch.command == "MIX_ENV=prod mix deps.get"
    assert found.prefetch.absorbed


@pytest.mark.parametrize(
    ("command", "tree"),
    [
        ("mix local.hex --force", "/root/.mix/archives"),
        ("mix local.rebar --force --if-missing", "/root/.mix/elixir"),
        ("mix archive.install --force hex phx_new 1.7.0", "/root/.mix/archives"),
        ("mix do local.hex --force, local.rebar --force", "/root/.mix"),
    ],
)
def test_tools_do_not_depend_on_the_project(command: str, tree: str) -> None:
    found = effects(command, project())
    assert found.writes.contains(tree)
    assert not found.reads.contains("/app/mix.exs")


@pytest.mark.parametrize(
    ("env", "overrides", "target", "off"),
    [
        ({}, {}, "/root/.hex/packages", False),
        ({"HEX_HOME": "/h"}, {}, "/h/packages", False),
        ({"HEX_HOME": None}, {}, "/root/.hex/packages", True),
        ({}, {"user": "app", "home": "/home/app", "uid": 1, "gid": 1}, None, True),
    ],
)
def test_packages(
    env: Mapping[str, str | None], overrides: Mapping[str, Any], target: str | None, off: bool
) -> None:
    (found,) = effects("mix deps.get", project(), env=env, **overrides).caches
    assert target is None or found.target == target
    assert (found.off is not None) == off
    assert effects("mix deps.compile", project()).caches == ()
