"""Bundler: uses that are not understood first, then refusals, then closures, settings, caches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install
from reorder.ecosystems.ruby import bundler
from reorder.shell.nodes import Opaque

GEMFILE = 'source "https://rubygems.org"\ngem "rack", "~> 3.0"\ngem "puma"\n'
LOCK = """GEM
  remote: https://rubygems.org/
  specs:
    puma (6.4.2)
    rack (3.0.9)

PLATFORMS
  ruby

DEPENDENCIES
  puma
  rack (~> 3.0)

BUNDLED WITH
   2.5.6
"""
RUBY = {"GEM_HOME": "/usr/local/bundle", "BUNDLE_APP_CONFIG": "/usr/local/bundle"}
Files = Mapping[str, str]


def project(files: Files | None = None, gemfile: str = GEMFILE, lock: str = LOCK) -> Files:
    found = {"/app/Gemfile": gemfile, **(files or {})}
    return {**found, "/app/Gemfile.lock": lock} if lock else found


def effects(
    command: str, files: Files, env: Mapping[str, str | None] | None = None, **overrides: Any
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **RUBY, **(env or {})}
    found = bundler.effects(call(command, env=state), image(files, env=state, **overrides))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Files, **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


def cache(command: str, files: Files, **more: Any) -> Cache:
    (found,) = effects(command, files, **more).caches
    return found


@pytest.mark.parametrize(
    "command",
    [
        "bundle exec rake",
        "bundle exec bootsnap precompile app/ lib/",
        "bundle update",
        "bundle lock --add-platform x86_64-linux",
        "bundle package",
        "bundle install --frobnicate",
        "bundle install $OPTIONS",
        "bundle binstubs puma",
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(bundler.effects(call(command, env={}), image(project())), Opaque)


@pytest.mark.parametrize(
    ("gemfile", "reason"),
    [
        pytest.param("gem `git x`", "a command", id="a command"),
        pytest.param("ruby File.read(version)", "name is not known", id="a name not known"),
        pytest.param('Dir["x/*"].each { |f| eval_gemfile f }', "`Dir`", id="looks around"),
        pytest.param('YAML.load_file("x")', "`YAML`", id="another class"),
        pytest.param('instance_eval File.read("x")', "`instance_eval`", id="evaluates"),
        pytest.param('require_relative "lib/a"', "requires lib/a", id="requires"),
        pytest.param('plugin "x"', "plugin", id="a plugin"),
        pytest.param("eval_gemfile other", "`other`", id="another Gemfile"),
        pytest.param('gem "x", path: folder', "`folder`", id="a path not known"),
        pytest.param('gem "x", path: "libs/x"', "no gemspec in /app/libs/x", id="no gemspec"),
        pytest.param("gemspec", "no gemspec in /app", id="no gemspec here"),
        pytest.param("load_plugins", "`load_plugins`", id="a method not known"),
    ],
)
def test_a_gemfile_that_may_read_more(gemfile: str, reason: str) -> None:
    found = install("bundle install", project(gemfile=GEMFILE + gemfile + "\n", lock=""))
    assert found.refusal is not None
    assert reason in found.refusal


@pytest.mark.parametrize(
    ("gemfile", "lock", "reason"),
    [
        pytest.param('gem "sinatra"', LOCK, "it lacks `sinatra`", id="a new gem"),
        pytest.param("", LOCK.replace("  puma\n\n", "  puma\n  x\n\n"), "", id="unchanged"),
        pytest.param('gem "x", "1" if ENV["X"]', LOCK, "condition", id="a condition"),
        pytest.param("gem n", LOCK, "`n`", id="a name not known"),
        pytest.param("", LOCK.replace("  puma\n  rack", "  puma\n  x\n  rack"), "`x`", id="gone"),
        pytest.param("", LOCK.replace("(~> 3.0)", "(~> 2.0)"), "another `rack`", id="another"),
        pytest.param("", LOCK.replace("  ruby", "  x86_64-darwin-22"), "platforms", id="platform"),
        pytest.param("", LOCK.replace("2.5.6", "1.17.3"), "Bundler 1.17.3", id="old bundler"),
        pytest.param(
            "", LOCK + "\nCHECKSUMS\n  rack (3.0.9)\n", "lacks checksums", id="no checksums"
        ),
    ],
)
def test_a_lockfile_that_may_be_rewritten(gemfile: str, lock: str, reason: str) -> None:
    files = project(gemfile=GEMFILE + gemfile + "\n", lock=lock)
    found = install("bundle install", files).refusal
    if not reason:
        assert found is None
        return
    assert found is not None
    assert reason in found
    frozen = install("bundle install", files, env={"BUNDLE_FROZEN": "true"}).refusal
    assert frozen is None or "rewrite" not in frozen


@pytest.mark.parametrize(
    ("gem", "entry"),
    [
        ('gem "x", ">= 1", "< 3"', "x (>= 1, < 3)"),
        ('gem "x", "1.0"', "x (= 1.0)"),
        ('gem "x", ">= 0"', "x"),
        ('gem "x", github: "a/x"', "x!"),
        ("gem 'x', :require => false, :group => [:test]", "x"),
        ('source "https://gems.example.org" do\n  gem "x"\nend', "x!"),
        ('group :test do\n  gem "x",\n    "~> 1.0"\nend', "x (~> 1.0)"),
        ('platforms :ruby do\n  gem("x", "~> 1.0")\nend', "x (~> 1.0)"),
    ],
)
def test_a_lockfile_that_stays(gem: str, entry: str) -> None:
    lock = LOCK.replace("(~> 3.0)\n", f"(~> 3.0)\n  {entry}\n")
    assert (
        install("bundle install", project(gemfile=f"{GEMFILE}{gem}\n", lock=lock)).refusal is None
    )


def test_the_image_must_be_for_a_platform_of_the_lockfile() -> None:
    linux = LOCK.replace("  ruby", "  arm64-darwin-23\n  x86_64-linux")
    found = install("bundle install", project(lock=linux))
    assert found.refusal is None
    assert any("x86_64-linux" in text for text in found.assumptions)
    only_ruby = install(
        "bundle install", project(lock=linux), env={"BUNDLE_FORCE_RUBY_PLATFORM": "true"}
    )
    assert only_ruby.refusal is not None


def test_what_the_gemfile_evaluates_and_reads() -> None:
    gemfile = GEMFILE + (
        'ruby file: ".ruby-version"\neval_gemfile "gemfiles/a.rb"\n'
        'gem "y", File.read(File.expand_path("../Y", __FILE__)).strip\n'
        'eval_gemfile "Gemfile.local" if File.exist?("Gemfile.local")\n'
    )
    files = project(
        {"/app/.ruby-version": "3", "/app/gemfiles/a.rb": 'ruby ENV["R"]\n', "/app/Y": "1"},
        gemfile,
        "",
    )
    found = effects("bundle install", files)
    assert found.install is not None
    assert found.install.refusal is None
    assert set(found.install.manifests) == {
        "/app/Gemfile",
        "/app/.ruby-version",
        "/app/gemfiles/a.rb",
        "/app/Y",
    }
    assert found.reads.contains("/app/Gemfile.local")
    assert found.env is not None
    assert "R" in found.env
    assert found.writes.contains("/app/Gemfile.lock")


def test_a_gemspec_with_what_it_requires_and_its_programs() -> None:
    spec = (
        'require_relative "lib/a/version"\nGem::Specification.new do |s|\n  s.name = "a"\n'
        '  s.version = A::VERSION\n  s.files = Dir["**/*"]\n  s.executables = ["a"]\n'
        "  s.description = <<~TEXT\n    system() and File.read are words here\n  TEXT\nend\n"
    )
    files = project(
        {
            "/app/a.gemspec": spec,
            "/app/lib/a/version.rb": 'module A\n  VERSION = "1"\nend\n',
            "/app/bin/a": "x",
            "/app/lib/a.rb": "",
        },
        "gemspec\n",
        "",
    )
    found = install("bundle install", files)
    assert found.refusal is None
    assert found.folders == ("/app/bin",)
    assert set(found.manifests) == {"/app/Gemfile", "/app/a.gemspec", "/app/lib/a/version.rb"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('s.extensions = ["ext/a/extconf.rb"]', "compiles an extension"),
        ("s.files = `git ls-files`.split\ns.executables = s.files.grep(/^bin/)", "git ls-files"),
        ('s.version = File.read("V")', "x"),
        ('s.version = IO.popen("x").read', "IO"),
        ('require "./x"', "requires ./x"),
    ],
)
def test_a_gemspec_that_needs_the_source(line: str, reason: str) -> None:
    spec = f'Gem::Specification.new do |s|\n  s.name = "a"\n  {line}\nend\n'
    found = install("bundle install", project({"/app/a.gemspec": spec}, "gemspec\n", ""))
    if reason == "x":
        assert found.refusal is None
        return
    assert found.refusal is not None
    assert reason in found.refusal


@pytest.mark.parametrize(
    ("command", "env", "outputs"),
    [
        ("bundle install", {}, ()),
        ("bundle install --deployment", {}, ("/app/vendor/bundle",)),
        ("bundle install", {"BUNDLE_DEPLOYMENT": "1"}, ("/app/vendor/bundle",)),
        ("bundle install", {"BUNDLE_DEPLOYMENT": "1", "BUNDLE_PATH": "/gems"}, ()),
        ("bundle install", {"BUNDLE_DEPLOYMENT": "false"}, ()),
        ("bundle install --path=vendor/x", {}, ("/app/vendor/x",)),
        ("bundle install --binstubs", {}, ("/app/bin",)),
        (
            "bundle install --without test dev --jobs 4",
            {"BUNDLE_APP_CONFIG": ""},
            ("/app/.bundle",),
        ),
        ("bundle", {"BUNDLE_PATH": "gems", "BUNDLE_PATH__SYSTEM": "true"}, ()),
    ],
)
def test_what_is_filled(command: str, env: Mapping[str, str], outputs: tuple[str, ...]) -> None:
    assert install(command, project(), env=env).outputs == outputs


def told(*commands: str) -> Any:
    state = {"PATH": PATH, "HOME": "/root", **RUBY}
    return tuple(call(command, env=state) for command in commands)


@pytest.mark.parametrize(
    ("commands", "outputs", "frozen"),
    [
        (("bundle config set --local deployment true",), ("/app/vendor/bundle",), True),
        (("bundle config --global frozen 1",), (), True),
        (("bundle config path vendor/x",), ("/app/vendor/x",), False),
        (("bundle config set path x", "bundle config unset path"), (), False),
        (("bundle config get path", "bundle config list", "bundle config path"), (), False),
    ],
)
def test_settings_that_the_build_made(
    commands: tuple[str, ...], outputs: tuple[str, ...], frozen: bool
) -> None:
    files = project(lock=LOCK.replace("  ruby", "  x86_64-darwin-22"))
    found = install("bundle install", files, told=told(*commands))
    assert found.outputs == outputs
    assert (found.refusal is None) == frozen


def test_local_settings_win_over_variables_and_these_over_the_users() -> None:
    earlier = told("bundle config set path global", "bundle config set --local bin stubs")
    env = {"BUNDLE_PATH": "/gems"}
    assert install("bundle install", project(), told=earlier, env=env).outputs == ("/app/stubs",)


@pytest.mark.parametrize(
    "commands", [("bundle config set path $P",), ("bundle config set --local path $P/x",)]
)
def test_settings_that_are_not_known(commands: tuple[str, ...]) -> None:
    found = effects("bundle install", project(), told=told(*commands))
    assert found.install is not None
    assert "`path` has a value that is not known" in (found.install.refusal or "")
    assert found.caches[0].off is not None


def test_a_script_that_is_not_understood_may_have_set_anything() -> None:
    assert install("bundle install", project(), told=(None,)).refusal is not None


def test_settings_of_the_project_count_where_nothing_else_is_said() -> None:
    files = project({"/app/.bundle/config": '---\nBUNDLE_PATH: "lib/gems"\n'})
    found = install("bundle install", files, env={"BUNDLE_APP_CONFIG": ""})
    assert found.outputs == ("/app/lib/gems",)
    assert "/app/.bundle/config" in found.manifests
    assert install("bundle install", files).outputs == ()


def test_a_setting_is_written_to_its_file() -> None:
    local = effects("bundle config set --local path x", {}, env={"BUNDLE_APP_CONFIG": ""})
    assert local.writes.contains("/app/.bundle/config")
    user = effects("bundle config path x", {})
    assert user.writes.contains("/root/.bundle/config")
    assert not effects("bundle config get path", {}).writes


@pytest.mark.parametrize(
    ("env", "overrides", "target", "off"),
    [
        ({}, {}, "/usr/local/bundle/cache", None),
        ({"GEM_HOME": ""}, {}, "GEM_HOME/cache", "version of Ruby"),
        ({"BUNDLE_PATH": "/gems"}, {}, "/gems", "version of Ruby"),
        (
            {"BUNDLE_PATH": "/gems"},
            {"base": "ruby", "tag": "3.3-slim"},
            "/gems/ruby/3.3.0/cache",
            None,
        ),
        ({"BUNDLE_DEPLOYMENT": "1"}, {}, "/app/vendor/bundle", "shipped"),
        ({}, {"user": "app", "uid": None}, "/usr/local/bundle/cache", "numeric id"),
        (
            {"BUNDLE_PATH": "/gems"},
            {"user": "app", "base": "ruby", "tag": "3.3", "uid": 1, "gid": 1},
            "/gems/ruby/3.3.0/cache",
            "root's own",
        ),
    ],
)
def test_archives(
    env: Mapping[str, str], overrides: Mapping[str, Any], target: str, off: str | None
) -> None:
    found = cache("bundle install", project(), env=env, **overrides)
    assert found.target == target
    assert (found.off is None) == (off is None)
    assert (off or "") in (found.off or "")
    written = replace(
        effects("bundle install", project(), env=env, **overrides).writes, all_but=None
    )
    assert off is not None or not written.contains(f"{target}/a.gem")


def test_older_images_may_name_their_own_folder() -> None:
    env = {"BUNDLE_PATH": None, "BUNDLE_BIN": None}
    found = effects("bundle install", project(), env=env)
    assert found.install is not None
    assert found.install.refusal is None
    assert "older images" in (found.caches[0].off or "")
    assert install("bundle install", project(), env={"BUNDLE_PATH": None}).refusal is not None


@pytest.mark.parametrize("jobs", ["", "-j 0", "--jobs=2"])
def test_bootsnap_takes_a_number_of_jobs(jobs: str) -> None:
    assert effects(f"bundle exec bootsnap precompile --gemfile {jobs}", project()).install


def test_bootsnap_compiles_gems_into_its_cache() -> None:
    found = effects("bundle exec bootsnap precompile --gemfile", project())
    assert found.writes.trees == {"/app/tmp/cache"}
    assert found.install is not None
    assert found.install.ignore == ("tmp/cache",)


def test_the_gemfile_that_counts() -> None:
    files = {"/app/Gemfile": GEMFILE, "/app/x/gems.rb": GEMFILE, "/app/x/Gemfile": GEMFILE}
    state = {"PATH": PATH, "HOME": "/root", **RUBY}
    found = bundler.effects(
        call("bundle install", cwd="/app/x", env=state), image(files, env=state)
    )
    assert isinstance(found, CommandEffects)
    assert found.install is not None
    assert found.install.manifests == ("/app/x/gems.rb",)
    assert found.writes.contains("/app/x/gems.locked")
    named = install("bundle install --gemfile=Gemfile", files)
    assert named.manifests == ("/app/Gemfile",)
    told_ = install("bundle install", files, env={"BUNDLE_GEMFILE": "x/Gemfile"})
    assert told_.manifests == ("/app/x/Gemfile",)


def test_check_looks_at_the_same_files() -> None:
    found = effects("bundle check", project())
    assert found.install is not None
    assert found.install.manifests == ("/app/Gemfile", "/app/Gemfile.lock")
    assert not found.costly
