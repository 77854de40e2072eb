"""The arguments of each instruction, as the line parser lists them."""

from __future__ import annotations

import pytest

from reorder.syntax.parse import parse


@pytest.mark.parametrize(
    ("line", "words", "is_json"),
    [
        ("FROM a  AS\tb", ("a", "AS", "b"), False),
        ("RUN a  'b", ("a  'b",), False),
        ("RUN", (), False),
        ('RUN ["a", "b c"]', ("a", "b c"), True),
        ("RUN []", (), True),
        ('RUN [ "\\u00e9\\n" ] ', ("é\n",), True),
        ('CMD ["a\\ud800"]', ("a\ufffd",), True),
        ('CMD ["a"] x', ('["a"] x',), False),
        ("CMD ['a']", ("['a']",), False),
        ('CMD ["a",]', ('["a",]',), False),
        ('CMD ["a" "b"]', ('["a" "b"]',), False),
        ("CMD [NaN]", ("[NaN]",), False),
        ("CMD [1e999]", ("[1e999]",), False),
        ('CMD ["a\tb"]', ('["a\tb"]',), False),
        ('CMD x ["a"]', ('x ["a"]',), False),
        ("ENTRYPOINT []", (), True),
        ('COPY ["a b", "/x"]', ("a b", "/x"), True),
        ("COPY [a b] /x", ("[a", "b]", "/x"), False),
        ("COPY a\\ b 'c d' /x", ("a\\", "b", "'c", "d'", "/x"), False),
        ("VOLUME /a /b", ("/a", "/b"), False),
        ('VOLUME ["/a"]', ("/a",), True),
        ("EXPOSE 80 $P/udp", ("80", "$P/udp"), False),
        ('EXPOSE ["80"]', ('["80"]',), False),
        ("WORKDIR  /a b ", ("/a b",), False),
        ("USER a b", ("a b",), False),
        ("STOPSIGNAL 9 x", ("9 x",), False),
        ("MAINTAINER a <b>", ("a <b>",), False),
        ("HEALTHCHECK CMD a  b", ("CMD", "a  b"), False),
        ('HEALTHCHECK cmd ["a","b"]', ("cmd", "a", "b"), True),
        ("HEALTHCHECK NONE", ("NONE",), False),
        ('SHELL ["a", "-c"]', ("a", "-c"), True),
        ("ONBUILD RUN a b", ("RUN", "a b"), False),
        ("ENV A=b C=\"d e\" F='g h'", ("A", "b", "=", "C", '"d e"', "=", "F", "'g h'", "="), False),
        ("ENV A=b\\ c D=\\", ("A", "b\\ c", "=", "D", "", "="), False),
        ("ENV A b=c", ("A", "b=c", ""), False),
        ("ENV A=\udcff", ("A", "\ufffd", "="), False),
        ("LABEL a='b \"c' d=e", ("a", "'b \"c'", "=", "d", "e", "="), False),
        ("ARG A B='c d' E=", ("A", "B='c d'", "E="), False),
        ('ARG A="b c', ('A="b c',), False),
    ],
)
def test_words(line: str, words: tuple[str, ...], is_json: bool) -> None:
    instruction = parse(f"FROM a\n{line}\n").instructions[1]
    assert instruction.words == words
    assert instruction.is_json is is_json


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('CMD ["a", 1]', "comprised of strings only"),
        ("RUN [null]", "comprised of strings only"),
        ('COPY [["a"], "b"]', "comprised of strings only"),
        ("HEALTHCHECK CMD [{}]", "comprised of strings only"),
        ("ENV A", "ENV must have two arguments"),
        ("LABEL a", "LABEL must have two arguments"),
        ("ENV A=b C", "can't find = in 'C'"),
        ("ONBUILD ENV A", "ENV must have two arguments"),
    ],
)
def test_rejected_by_the_line_parser(line: str, message: str) -> None:
    (problem,) = parse(f"FROM a\n{line}\n").problems
    assert message in problem.message
    assert problem.line == 2


def test_escapes_follow_the_directive() -> None:
    file = parse("# escape=`\nFROM a\nENV A=c:\\ B=d` e\n")
    assert file.instructions[1].words == ("A", "c:\\", "=", "B", "d` e", "=")
