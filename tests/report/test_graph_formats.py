"""The three texts of one drawing. `test_graph.py` of the command draws them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from harness.made import facts

from reorder.report import graph_dot, graph_json, graph_mermaid
from reorder.report.drawing import drawing

FILES = {"main.py": "", "go.mod": "module x\n"}
TEXT = """\
ARG V=1
FROM golang:1.23 AS build
WORKDIR /src
COPY . .
FROM scratch
COPY --from=build /src/x /x
"""
HOSTILE = r"""FROM a AS end
RUN echo "hi" | cat > /x && `cmd` ; # %% $$ {{a}} <b>x</b> &amp; #quot; \N
LABEL a="\"q\" 'x' --> y" click=style
COPY ["a b", "/c\\d/"]
COPY main.py /é/日本/x"] --> n0
"""
LABEL = r'"(?:[^"#&<>%`;\\]|#\w+;)*"'
STATEMENT = re.compile(
    rf"flowchart TD|  subgraph s\d+\[{LABEL}\]|  end|(?:  ){{1,2}}n\d+\[{LABEL}\]"
    rf"|  (?:n\d+ -->|s\d+ -\.->)(?:\|{LABEL}\|)? n\d+"
)


def mermaid(text: str) -> str:
    return graph_mermaid.render(drawing(facts(text, FILES)))


def dot(text: str) -> str:
    return graph_dot.render(drawing(facts(text, FILES)))


def test_mermaid() -> None:
    assert mermaid(TEXT) == (
        "flowchart TD\n"
        '  n0["1: ARG V=1"]\n'
        '  subgraph s0["build"]\n'
        '    n1["2: FROM golang:1.23 AS build"]\n'
        '    n2["3: WORKDIR /src"]\n'
        '    n3["4: COPY . ."]\n'
        "  end\n"
        '  subgraph s1["stage 1"]\n'
        '    n4["5: FROM scratch"]\n'
        '    n5["6: COPY --from=build /src/x /x"]\n'
        "  end\n"
        "  n1 --> n2\n"
        '  n2 -->|"the working directory"| n3\n'
        "  n4 --> n5\n"
        '  s0 -.->|"/src/x"| n5\n'
    )


@pytest.mark.parametrize("text", [TEXT, HOSTILE])
def test_every_line_of_mermaid_is_a_statement(text: str) -> None:
    for line in mermaid(text).splitlines():
        assert STATEMENT.fullmatch(line), line


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ('say "x"', '"say #quot;x#quot;"'),
        ("a#b;c", '"a#35;b#59;c"'),
        ("<b>&", '"#lt;b#gt;#amp;"'),
        ("`md`", '"#96;md#96;"'),
        ("%%x", '"#37;#37;x"'),
        ("$$ $A", '"#36;#36; $A"'),
        ("a\\nb", '"a#92;nb"'),
        ("[é] 日本", '"[é] 日本"'),
    ],
)
def test_mermaid_labels(text: str, label: str) -> None:
    assert graph_mermaid.quoted(text) == label


def test_dot() -> None:
    lines = dot(TEXT).splitlines()
    assert lines[0] == "digraph Dockerfile {"
    assert '    n2 [label="3: WORKDIR /src"];' in lines
    assert '    label="build"; color=gray60;' in lines
    assert '  n2 -> n3 [label=" the working directory"];' in lines
    assert '  n3 -> n5 [label=" /src/x", ltail=cluster_0, style=dashed];' in lines
    assert lines[-1] == "}"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ('say "x"', r'"say \"x\""'),
        (r"a\Nb\"", r'"a\\Nb\\\""'),
        ("&lt;", '"&amp;lt;"'),
    ],
)
def test_dot_labels(text: str, label: str) -> None:
    assert graph_dot.quoted(text) == label


def document(text: str) -> Any:
    found = facts(text, FILES)
    return json.loads(graph_json.render(drawing(found), found, "x/Dockerfile"))


def test_json() -> None:
    found = document(TEXT)
    assert list(found) == ["version", "path", "stages", "nodes", "edges"]
    assert (found["version"], found["path"]) == (1, "x/Dockerfile")
    assert found["stages"][0] == {"index": 0, "name": "build", "image": "golang:1.23"}
    assert [node["stage"] for node in found["nodes"]] == [None, 0, 0, 0, 1, 1]
    assert found["nodes"][0]["reads"] is None
    copy = found["nodes"][3]
    assert (copy["id"], copy["line"], copy["keyword"], copy["text"]) == (3, 4, "COPY", "COPY . .")
    assert copy["writes"]["files"] == ["/src/go.mod", "/src/main.py"]
    assert found["edges"][-1] == {
        "from": None,
        "from_stage": 0,
        "to": 5,
        "kind": "copy",
        "label": "/src/x",
    }


def test_json_tells_everything_from_nothing() -> None:
    node = document("FROM a\nRUN ./x\nEXPOSE 1\n")["nodes"]
    assert (node[1]["reads"]["env"], node[1]["reads"]["all_but"]) == (None, [])
    assert (node[2]["reads"]["env"], node[2]["reads"]["all_but"]) == ([], None)
