"""Rules about the elements of a page: which of them a site's packs select, as marks on its tree.

A list of an ad blocker has tens of thousands of selectors. Each is filed by something a page must hold for it to find
anything (a class, an id, a part of an attribute), so that a page is asked only what it may have an answer to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from scrubber.formats.required import NAME, TOKEN, VALUE
from scrubber.formats.select import Facts, select
from scrubber.model import Rule

CONTENT = -1
"""The mark of elements that hold the main content."""

_FEW = 30


class _Sieve:
    """The expressions of one pack by what they require: rows of (number of the rule, XPath)."""

    def __init__(self) -> None:
        self.tokens: dict[str, list[tuple[int, str]]] = {}
        self.values: dict[str, list[tuple[int, str]]] = {}
        self.names: dict[str, list[tuple[int, str]]] = {}
        self.others: list[tuple[int, str]] = []

    def add(self, rule: int, xpath: str, kind: str, literal: str) -> None:
        tables = {TOKEN: self.tokens, VALUE: self.values, NAME: self.names}
        (tables[kind].setdefault(literal, []) if kind in tables else self.others).append((rule, xpath))

    @cached_property
    def automaton(self) -> Any:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick(list(self.values))

    def candidates(self, page: Facts) -> Iterator[tuple[int, str]]:
        """Yield the rows that may find something in a page of these facts."""
        yield from self.others
        for token in page.tokens if self.tokens else ():
            yield from self.tokens.get(token, ())
        for name in page.names if self.names else ():
            yield from self.names.get(name, ())
        if len(self.values) <= _FEW:
            for value, rows in self.values.items():
                if value in page.values:
                    yield from rows
            return
        literals = list(self.values)
        for i in {found[0] for found in self.automaton.find_matches_as_indexes(page.values, overlapping=True)}:
            yield from self.values[literals[i]]


class PageRules:
    """The rules of one table of kind ``select`` and ``content``, filed by pack and by what they require."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.sieves: dict[str, _Sieve] = {}
        for xpaths, i, needs in table.selects:
            pack = table.rules[i][0].rpartition("/")[0]
            sieve = self.sieves.get(pack) or self.sieves.setdefault(pack, _Sieve())
            for xpath, (kind, literal) in zip(xpaths, needs, strict=True):
                sieve.add(i, xpath, kind, literal)

    def marker(self, packs: Iterable[str], on: Callable[[Rule], bool]) -> Marker | None:
        """Return what marks the elements that rules of ``packs`` select, asking ``on`` of each; None: no such rules."""
        sieves = [self.sieves[name] for name in packs if name in self.sieves]
        return Marker(self.table, sieves, on) if sieves else None


class Marker:
    """Marks the elements of one tree; ``rules[mark - 1]`` is the rule behind a mark."""

    def __init__(self, table: Any, sieves: Iterable[_Sieve], on: Callable[[Rule], bool]) -> None:
        self.table = table
        self.sieves = list(sieves)
        self.on = on
        self.rules: list[Rule] = []

    def __call__(self, tree: Any) -> Mapping[Any, int]:
        """Return the marks of the elements that go or hold the content; ``keep`` rules take marks off again."""
        marks: dict[Any, int] = {}
        kept: set[Any] = set()
        content: list[Any] = []
        for rule, xpaths in self._candidates(tree):
            nodes = select(tree, xpaths)
            if rule.kind == "content":
                content = content or nodes  # the first that finds anything speaks, as in the files they come from
            elif rule.keep:
                kept.update(nodes)
            elif nodes:
                self.rules.append(rule)
                for node in nodes:
                    marks.setdefault(node, len(self.rules))
        for node in kept:
            marks.pop(node, None)
        for node in content:
            marks.setdefault(node, CONTENT)
        return marks

    def _candidates(self, tree: Any) -> Iterator[tuple[Rule, list[str]]]:
        """Yield the rules that may find something, in the order of their packs and files, and their expressions."""
        if tree is None:
            return
        page = Facts(tree)
        rows: dict[int, list[str]] = {}
        for sieve in self.sieves:
            for i, xpath in sieve.candidates(page):
                rows.setdefault(i, []).append(xpath)
        for i in sorted(rows):
            if self.on(rule := self.table.rule(i)):
                yield rule, rows[i]
