"""Rules about the elements of a page: which of them a site's packs select, as marks on its tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scrubber.formats.select import select
from scrubber.model import Rule

CONTENT = -1
"""The mark of elements that hold the main content."""


class PageRules:
    """The rules of one table of kind ``select`` and ``content``; filed by pack."""

    def __init__(self, table: Any) -> None:
        self.by_pack: dict[str, list[tuple[Rule, list[str]]]] = {}
        for xpaths, i in table.selects:
            rule = table.rule(i)
            self.by_pack.setdefault(rule.pack, []).append((rule, xpaths))

    def among(self, packs: Iterable[str]) -> list[tuple[Rule, list[str]]]:
        """Return the rules of the packs, with their XPath expressions."""
        return [row for name in sorted(packs) if name in self.by_pack for row in self.by_pack[name]]


class Marker:
    """Marks the elements of one tree; ``rules[mark - 1]`` is the rule behind a mark."""

    def __init__(self, rows: Iterable[tuple[Rule, list[str]]]) -> None:
        self.rows = list(rows)
        self.rules: list[Rule] = []

    def __call__(self, tree: Any) -> Mapping[Any, int]:
        """Return the marks of the elements that go or hold the content; ``keep`` rules take marks off again."""
        marks: dict[Any, int] = {}
        kept: set[Any] = set()
        content: list[Any] = []
        for rule, xpaths in self.rows:
            nodes = select(tree, xpaths)
            if rule.kind == "content":
                content = content or nodes  # the first that finds anything speaks, as in the files they come from
            elif rule.keep:
                kept.update(nodes)
            else:
                self.rules.append(rule)
                for node in nodes:
                    marks.setdefault(node, len(self.rules))
        for node in kept:
            marks.pop(node, None)
        for node in content:
            marks.setdefault(node, CONTENT)
        return marks
