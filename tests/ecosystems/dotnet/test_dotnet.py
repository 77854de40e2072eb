"""dotnet: what a restore reads, the step a build lacks, the packages."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects, Install, Prefetch
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Opaque

Files = Mapping[str, str]
PROJECT = '<Project Sdk="Microsoft.NET.Sdk">{}</Project>'
APP: Files = {"/app/App.csproj": PROJECT.format("")}
TWO: Files = {
    "/app/src/Web/Web.csproj": PROJECT.format(
        '<ItemGroup><ProjectReference Include="..\\Core\\Core.csproj" /></ItemGroup>'
    ),
    "/app/src/Core/Core.csproj": PROJECT.format(""),
}


def of(command: str, files: Files = APP, cwd: str = "/app") -> CommandEffects:
    found = understand(call(command, cwd), image(files, cwd=cwd))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str = "dotnet restore", files: Files = APP, cwd: str = "/app") -> Install:
    found = of(command, files, cwd).install
    assert found is not None
    return found


def step(command: str, files: Files = APP, cwd: str = "/app") -> Prefetch:
    found = of(command, files, cwd).prefetch
    assert found is not None
    return found


@pytest.mark.parametrize(
    "command",
    [
        "dotnet App.dll",
        "dotnet $X",
        "dotnet restore @args.rsp",
        "dotnet dev",
        "dotnet tool install x",
    ],
)
def test_not_understood(command: str) -> None:
    assert isinstance(understand(call(command), image(APP)), Opaque)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<Import Project="$(Root)/x.props" />', "which is not known"),
        ('<Import Project="../../x.props" />', "/x.props does not come from"),
        ('<ItemGroup><ProjectReference Include="../L/L.csproj" /></ItemGroup>', "/L/L.csproj"),
        ('<Target Name="T" BeforeTargets="Restore" />', "runs while it restores"),
        (
            "<PropertyGroup><BaseIntermediateOutputPath>x</BaseIntermediateOutputPath>"
            "</PropertyGroup>",
            "lies elsewhere",
        ),
        (
            "<PropertyGroup><V>$([System.IO.File]::ReadAllText($(F)))</V></PropertyGroup>",
            "which is not known",
        ),
    ],
)
def test_a_closure_that_is_not_known(body: str, reason: str) -> None:
    found = install(files={"/app/App.csproj": PROJECT.format(body)})
    assert reason in (found.refusal or "")


def test_broken_xml_is_refused() -> None:
    assert "well-formed" in (install(files={"/app/App.csproj": "<Project>"}).refusal or "")


def test_xml_entities_are_refused() -> None:
    text = '<!DOCTYPE p [<!ENTITY a "b">]><Project>&a;</Project>'
    assert install(files={"/app/App.csproj": text}).refusal


def test_a_folder_with_two_projects_is_refused() -> None:
    files = {**APP, "/app/B.csproj": PROJECT.format("")}
    assert "several" in (install(files=files).refusal or "")


def test_a_source_from_a_variable_is_refused() -> None:
    text = '<c><packageSources><add key="a" value="%X%" /></packageSources></c>'
    assert "variable" in (install(files={**APP, "/app/nuget.config": text}).refusal or "")


@pytest.mark.parametrize("flag", ["--no-restore", "--no-build"])
def test_no_step_for_a_build_that_does_not_restore(flag: str) -> None:
    found = of(f"dotnet publish {flag}")
    assert found.prefetch is None
    assert "may be empty" in (found.caches[0].off or "")


def test_references_are_followed() -> None:
    found = install("dotnet restore src/Web/Web.csproj", TWO)
    assert found.refusal is None
    assert found.manifests == tuple(TWO)
    assert found.outputs == ("/app/src/Web/obj", "/app/src/Core/obj")
    assert found.ignore == ("**/obj",)


@pytest.mark.parametrize("name", ["NuGet.Config", "nuget.config", "NuGet.config"])
def test_files_of_the_folders_above(name: str) -> None:
    extra = {
        "/app/Directory.Packages.props": "<Project />",
        "/app/src/Directory.Build.props": '<Project><Import Project="../eng/x.props" /></Project>',
        "/app/eng/x.props": "<Project />",
        "/app/Directory.Build.rsp": "",
        "/app/global.json": "{}",
        f"/app/{name}": '<configuration><packageSources><add key="l" value="own" />'
        "</packageSources></configuration>",
        "/app/own/a.nupkg": "",
        "/app/directory.build.targets": "<Project />",
    }
    found = install("dotnet restore src/Web", {**TWO, **extra})
    assert found.refusal is None
    assert found.folders == ("/app/own",)
    wanted = {*TWO, *extra} - {"/app/own/a.nupkg", "/app/directory.build.targets"}
    assert set(found.manifests) == wanted


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "A.sln",
            'Project("{1}") = "Web", "src\\Web\\Web.csproj", "{2}"\nEndProject\n'
            'Project("{2150E333-8FDC-42A3-9474-1A3956D46DE8}") = "docs", "docs", "{3}"\n',
        ),
        ("A.slnx", '<Solution><Folder><Project Path="src/Web/Web.csproj" /></Folder></Solution>'),
    ],
)
def test_the_projects_of_a_solution(name: str, text: str) -> None:
    found = install(files={**TWO, f"/app/{name}": text})
    assert found.refusal is None
    assert found.manifests[0] == f"/app/{name}"
    assert set(found.manifests) == {f"/app/{name}", *TWO}


def test_a_solution_filter_names_its_solution() -> None:
    text = '{"solution": {"path": "A.sln", "projects": ["src\\\\Core\\\\Core.csproj"]}}'
    files = {**TWO, "/app/A.slnf": text, "/app/A.sln": ""}
    found = install("dotnet restore A.slnf", files)
    assert found.manifests == ("/app/A.slnf", "/app/A.sln", "/app/src/Core/Core.csproj")


def test_an_import_that_asks_whether_it_is_there() -> None:
    body = '<Import Project="local.props" Condition="Exists(\'local.props\')" />'
    assert install(files={"/app/App.csproj": PROJECT.format(body)}).refusal is None


def test_the_restore_of_a_publish() -> None:
    found = step("X=1 dotnet publish App.csproj -c Release -r linux-x64 -o out /p:A=b --nologo")
    assert found.command == "X=1 dotnet restore App.csproj -r linux-x64 /p:A=b"
    assert found.absorbed
    assert found.refusal is None


def test_a_lockfile_may_change_unless_it_is_locked() -> None:
    files = {**APP, "/app/packages.lock.json": "{}"}
    assert "/app/packages.lock.json" in of("dotnet restore", files).writes.files
    assert not of("dotnet restore --locked-mode", files).writes.files
    assert "/app/packages.lock.json" in install(files=files).manifests


def test_packages() -> None:
    (cache,) = of("dotnet build").caches
    assert (cache.target, cache.sharing) == ("/root/.nuget/packages", "locked")
    assert cache.payload
    text = '<c><config><add key="globalPackagesFolder" value="pk" /></config></c>'
    files = {**APP, "/app/nuget.config": text}
    assert of("dotnet build", files).caches[0].target == "/app/pk"
    assert of("dotnet restore --packages /p").caches[0].target == "/p"
    assert of("NUGET_PACKAGES=/n dotnet test").caches[0].target == "/n"


def test_tools() -> None:
    found = of("dotnet tool restore", {**APP, "/app/.config/dotnet-tools.json": "{}"})
    assert found.install is not None
    assert found.install.manifests == ("/app/.config/dotnet-tools.json",)
    assert of("dotnet tool install -g dotnet-ef").barrier is None
