"""Many regexps matched at once: every path is read a single time, in linear time.

A state knows which patterns match the text read so far, so that the state after a folder's name is
where reading goes on for everything below it. States are made when they are first reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reorder.context.gopath import BadPattern
from reorder.context.goregexp import ANY, Assertion, Chars, Repeat, Sequence

MAX_NODES = 200_000  # of one ignore file
MAX_STATES = 20_000  # kept; beyond that they are made again
_WORD = frozenset("0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(eq=False, slots=True)
class State:
    """What is known after some text; `matched` has one bit per pattern."""

    nodes: frozenset[int]
    last: str | None  # the last character read, as far as assertions care; None: no text yet
    matched: int = 0
    steps: dict[str, State] = field(default_factory=dict)


class Automaton:
    """Nodes 0 and up; `moves` read a character, `jumps` read nothing (and may assert something)."""

    __slots__ = ("_accepts", "_jumps", "_moves", "_starts", "_states", "start")

    def __init__(self, patterns: Iterable[tuple[Sequence, ...]]) -> None:
        """One pattern has several alternatives. Raises BadPattern when they are too large."""
        self._moves: list[tuple[Chars, int] | None] = []
        self._jumps: list[list[tuple[Assertion | None, int]]] = []
        self._accepts: dict[int, int] = {}
        self._states: dict[tuple[frozenset[int], str | None], State] = {}
        starts = []
        for bit, alternatives in enumerate(patterns):
            for sequence in alternatives:
                starts.append(self._build(bit, sequence, alone=len(alternatives) == 1))
        self.start = self._state(frozenset(starts), None)

    def step(self, state: State, char: str) -> State:
        """The state after one more character."""
        known = state.steps.get(char)
        if known is not None:
            return known
        reached = set()
        for node in self._closure(state.nodes, state.last, char):
            move = self._moves[node]
            if move is not None and move[0].contains(char):
                reached.add(move[1])
        after = self._state(frozenset(reached), "a" if char in _WORD else "/")
        state.steps[char] = after
        return after

    def _state(self, nodes: frozenset[int], last: str | None) -> State:
        state = self._states.get((nodes, last))
        if state is None:
            if len(self._states) >= MAX_STATES:
                for old in self._states.values():
                    old.steps.clear()
                self._states.clear()
            state = self._states[nodes, last] = State(nodes, last)
            for node in self._closure(nodes, last, None):
                if node in self._accepts:
                    state.matched |= 1 << self._accepts[node]
        return state

    def _closure(self, nodes: Iterable[int], last: str | None, char: str | None) -> set[int]:
        seen = set(nodes)
        todo = list(seen)
        while todo:
            for condition, target in self._jumps[todo.pop()]:
                if target not in seen and (condition is None or _holds(condition, last, char)):
                    seen.add(target)
                    todo.append(target)
        return seen

    def _node(self) -> int:
        if len(self._moves) >= MAX_NODES:
            raise BadPattern("the patterns are too large")
        self._moves.append(None)
        self._jumps.append([])
        return len(self._moves) - 1

    def _build(self, bit: int, sequence: Sequence, alone: bool) -> int:
        start = self._node()
        if not (alone and sequence[:1] == ("begin",)):
            self._loop(start)
        end = self._append(self._jump(start), sequence)
        self._accepts[end] = bit
        if not (alone and sequence[-1:] == ("end",)):
            accept = self._jump(end)
            self._loop(accept)
            self._accepts[accept] = bit
        return start

    def _append(self, node: int, sequence: Sequence) -> int:
        for item in sequence:
            if isinstance(item, Chars):
                target = self._node()
                self._moves[node] = (item, target)
                node = target
            elif isinstance(item, Repeat):
                node = self._repeat(node, item)
            else:
                target = self._node()
                self._jumps[node].append((item, target))
                node = target
        return node

    def _repeat(self, node: int, item: Repeat) -> int:
        for _ in range(item.low):
            node = self._append(node, item.body)
        end = self._node()
        if item.high is None:
            node = self._jump(node)
            back = self._append(self._jump(node), item.body)
            self._jumps[back].append((None, node))
        else:
            for _ in range(item.high - item.low):
                self._jumps[node].append((None, end))
                node = self._append(self._jump(node), item.body)
        self._jumps[node].append((None, end))
        return end

    def _jump(self, node: int) -> int:
        target = self._node()
        self._jumps[node].append((None, target))
        return target

    def _loop(self, node: int) -> None:
        self._moves[node] = (ANY, node)


def _holds(condition: Assertion, last: str | None, char: str | None) -> bool:
    if condition == "begin":
        return last is None
    if condition == "end":
        return char is None
    return ((last == "a") != (char is not None and char in _WORD)) == (condition == "word")
