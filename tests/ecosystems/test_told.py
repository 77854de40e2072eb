"""Settings that earlier commands made, as the graph and the checker see them."""

from __future__ import annotations

from ecosystems.fakes import call
from harness.made import facts, run

from reorder.ecosystems.told import may_tell, told_after

FILES = {
    "Gemfile": 'source "https://rubygems.org"\ngem "rack"\n',
    "Gemfile.lock": "GEM\n  specs:\n    rack (3.0)\n\nPLATFORMS\n  x86_64-darwin-22\n\n"
    "DEPENDENCIES\n  rack\n",
    "app.rb": "",
}
TEXT = "FROM ruby:3.3\n{}WORKDIR /app\nCOPY . .\nRUN {}bundle install\n"
FREEZE = "bundle config set frozen true"


def test_only_settings_are_kept() -> None:
    calls = [call("bundle config set path x"), call("bundle install"), call("npm config list")]
    assert told_after((), calls) == (calls[0],)
    assert may_tell("x && bundle config set path x")
    assert not may_tell("bundle install && git config x y")


def moved(before: str, same: str = "") -> bool:
    return "COPY Gemfile" in run(TEXT.format(before, same), FILES).after


def test_without_settings_the_lockfile_is_rewritten() -> None:
    assert not moved("")


def test_settings_of_the_same_run_and_of_an_earlier_one() -> None:
    assert moved("", f"{FREEZE} && ")
    assert moved(f"RUN {FREEZE}\n")
    assert moved('RUN ["bundle", "config", "set", "frozen", "true"]\n')


def test_a_setting_on_a_condition_is_not_known() -> None:
    assert not moved("", f"(true || {FREEZE}) && ")


def test_a_script_that_is_not_understood_may_have_set_anything() -> None:
    script = 'RUN eval "$(x)" && bundle config set path vendor/x\n'
    nodes = facts(TEXT.format(script, ""), FILES).nodes
    assert nodes[max(nodes)].scope.told == (None,)
    frozen = {**FILES, ".bundle/config": ""}
    assert "COPY Gemfile" not in run(TEXT.format(script, "BUNDLE_FROZEN=1 "), frozen).after


def test_settings_reach_derived_stages() -> None:
    text = f"FROM ruby:3.3 AS base\nRUN {FREEZE}\nFROM base\nWORKDIR /app\nCOPY . .\nRUN bundle\n"
    assert "COPY Gemfile" in run(text, FILES).after
