"""In which rebuilds an instruction is new, by stability tier and by a history that is given."""

from __future__ import annotations

from harness.made import facts

from reorder.context.history import History
from reorder.context.volatile import Volatile
from reorder.cost.model import Costs, Model
from reorder.cost.rebuilds import by_history, class_of
from reorder.cost.tiers import ALWAYS, MANIFEST, SOURCE, TEXT

FILES = {"requirements.txt": "flask\n", "app.py": "1", "Dockerfile": "", "web/a.js": "1"}
BUILD = "FROM python:3.12 AS b\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\n"


def last(text: str) -> int:
    """The mask of the last instruction with all that it depends on."""
    model = Model(facts(text, FILES), Costs().classes)
    return model.spread.deep[max(model.spread.deep)]


def measured(text: str, history: History, ignore: str = "") -> dict[int, int]:
    """By line the commits in which an instruction is new itself."""
    files = {**FILES, ".dockerignore": ignore} if ignore else FILES
    known = facts(text, files)
    model = Model(known, by_history(history, Volatile({})))
    return {known.nodes[at].line: mask for at, mask in model.spread.own.items()}


def test_text_of_the_dockerfile() -> None:
    assert last("FROM debian:12\nRUN apt-get install -y git\n") == class_of(TEXT)


def test_manifests_and_what_installs_from_them() -> None:
    text = "FROM python:3.12\nWORKDIR /a\nCOPY requirements.txt .\n"
    assert last(text) == class_of(MANIFEST)
    assert last(text + "RUN pip install -r requirements.txt\n") == class_of(MANIFEST)


def test_a_command_that_may_read_the_source() -> None:
    assert last("FROM debian:12\nWORKDIR /a\nCOPY . .\nRUN ./x\n") == class_of(SOURCE)


def test_an_argument_that_is_new_with_every_build() -> None:
    assert last("FROM debian:12\nARG GIT_SHA\n") == class_of(ALWAYS)
    assert last("FROM debian:12\nARG FLAVOUR=plain\n") == class_of(TEXT)


def test_a_copy_from_a_stage_counts_as_what_writes_the_files() -> None:
    venv = "FROM python:3.12\nCOPY --from=b /opt/venv /opt/venv\n"
    app = "FROM python:3.12\nCOPY --from=b /app /app\n"
    source = "WORKDIR /app\nCOPY . /app\n"
    assert last(BUILD + source + venv) == class_of(TEXT)
    assert last(BUILD + source + app) == class_of(SOURCE)
    assert last(BUILD + source + "RUN ./x\n" + venv) == class_of(SOURCE)


def test_commits_count_for_what_a_copy_takes() -> None:
    history = History(4, {"app.py": 0b0011, "requirements.txt": 0b0100, "gone/x": 0b1000}, {})
    text = "FROM debian:12\nCOPY requirements.txt /a/\nCOPY web /w\nCOPY *.py /a/\nCOPY . /all\n"
    assert measured(text, history) == {2: 0b0100, 3: 0, 4: 0b0011, 5: 0b1111}


def test_what_is_ignored_does_not_count() -> None:
    history = History(2, {"app.py": 0b01, "docs/a.md": 0b10}, {})
    text = "FROM debian:12\nCOPY . /all\n"
    assert measured(text, history, "docs\n") == {2: 0b01}


def test_edits_of_the_text_count_where_they_were_made() -> None:
    history = History(3, {"app.py": 0b001}, {1: 0b100, 2: 0b010})
    text = "FROM debian:12\nRUN mkdir /x\nCOPY app.py /\n"
    assert measured(text, history) == {2: 0b010, 3: 0b001}
    model = Model(facts(text, FILES), by_history(history, Volatile({})))
    assert model.reruns() == {1: 0b110, 2: 0b111}


def test_what_stands_on_another_stage_is_built_again_after_it() -> None:
    history = History(3, {"app.py": 0b001}, {1: 0b100, 4: 0b010})
    text = "FROM debian:12 AS a\nCOPY app.py /\nFROM a\nRUN mkdir /x\n"
    model = Model(facts(text, FILES), by_history(history, Volatile({})))
    assert model.reruns() == {1: 0b101, 3: 0b111}


def test_a_build_leaves_the_certificates_of_its_stage_alone() -> None:
    build = "FROM golang:1.23 AS b\nCOPY . /src\nRUN ./build\nFROM scratch\n"
    assert last(build + "COPY --from=b /etc/ssl/certs/ca.crt /etc/ssl/certs/\n") == class_of(TEXT)
    assert last(build + "COPY --from=b /etc /etc\n") == class_of(SOURCE)
    assert last(build + "COPY --from=b /out/app /etc/ssl/certs/app /\n") == class_of(SOURCE)


def test_config_of_the_image_runs_no_step_again() -> None:
    history = History(3, {"app.py": 0b001}, {2: 0b100, 3: 0b010})
    text = 'FROM debian:12\nLABEL a=1\nCMD ["x"]\nRUN mkdir /x\nCOPY app.py /\n'
    assert measured(text, history) == {2: 0, 3: 0, 4: 0, 5: 0b001}


def test_a_setting_reaches_a_copy_only_through_a_run_or_its_text() -> None:
    history = History(3, {}, {2: 0b100})
    start = "FROM debian:12\nENV V=1\n"
    model = Model(facts(start + "COPY app.py /\n", FILES), by_history(history, Volatile({})))
    assert model.reruns() == {1: 0, 2: 0}
    model = Model(facts(start + "RUN x\nCOPY app.py /\n", FILES), model.rebuilds)
    assert model.reruns() == {1: 0, 2: 0b100, 3: 0b100}
    model = Model(facts(start + "COPY app.py /$V/\n", FILES), model.rebuilds)
    assert model.reruns() == {1: 0, 2: 0b100}
    model = Model(facts(start + "FROM x\nRUN x\n", FILES), model.rebuilds)
    assert model.reruns() == {1: 0, 3: 0}


def test_a_stage_that_starts_from_another_has_its_settings() -> None:
    history = History(3, {}, {2: 0b100})
    text = "FROM debian:12 AS a\nENV V=1\nFROM a\nCOPY app.py /\nRUN x\n"
    model = Model(facts(text, FILES), by_history(history, Volatile({})))
    assert model.reruns() == {1: 0, 3: 0, 4: 0b100}
