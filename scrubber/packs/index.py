"""Look-up tables of rules: which rules know this line? At constant cost, however many phrases there are.

The base table holds what applies to every document. Each language has a table of its own, which is read when a document
shows that language, and so have sites, for documents that come from one of them, and platforms, for those that show a
fingerprint. How tables are made is in ``compile``, how they are kept in ``cache``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrubber.language import Guesser
from scrubber.model import Certainty, Rule, Source
from scrubber.packs.find import bundled

if TYPE_CHECKING:
    from scrubber.matchers.pages import PageRules

BASE = ""
"""The name of the table that applies to every document."""

PAGES = "pages"
"""The name of the table with the rules for elements of pages."""

SITES = "sites"
"""The name of the table with what only some hosts' documents are asked for."""

PLATFORMS = "platforms"
"""The name of the table with what only documents that show a fingerprint are asked for, or use such a pack."""

_KEPT = (
    "rules", "inner", "links", "repeated", "middles", "heads", "tails", "needs", "widths", "fingerprints", "dates",
    "selects",
)  # fmt: skip


class Index:
    """Rules of one table by what they match. Treat as read-only; ``rule(i)`` builds the ``Rule`` on demand.

    ``exact`` maps a key to rule numbers. Phrases with holes are rows of [literal start, literal end, phrase, rule],
    filed by their first characters in ``heads``, by their last in ``tails``, or by a literal in their ``middles``; the
    few without are ``inner``.
    ``needs`` maps a required literal to rules, ``fingerprints`` a literal to names of packs; ``links`` are rows of
    [parts of link targets, rule], ``repeated`` of [how often, how many words at least, rule];
    ``selects`` of [XPath expressions, rule, what each requires of a page].
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        data = data or {}
        self.rules: list[list[Any]] = data.get("rules", [])
        self.inner: list[list[Any]] = data.get("inner", [])
        self.links: list[list[Any]] = data.get("links", [])
        self.repeated: list[list[int]] = data.get("repeated", [])
        keys, which, numbers = data.get("exact", ("", [], []))
        self.exact: dict[str, Sequence[int]] = dict(zip(keys.split("\n"), map(numbers.__getitem__, which), strict=False))
        self.heads: dict[str, list[list[Any]]] = data.get("heads", {})
        self.tails: dict[str, list[list[Any]]] = data.get("tails", {})
        self.middles: dict[str, list[list[Any]]] = data.get("middles", {})
        self.needs: dict[str, list[int]] = data.get("needs", {})
        self.widths: dict[str, int] = data.get("widths", {})
        self.fingerprints: dict[str, list[str]] = data.get("fingerprints", {})
        self.dates: list[str] = data.get("dates", [])
        self.selects: list[list[Any]] = data.get("selects", [])
        self._built: dict[int, Rule] = {}

    def data(self) -> dict[str, Any]:
        """Return what is kept on disk; of ``exact`` its keys, which numbers each has, and these: quick to read."""
        numbers = {row: i for i, row in enumerate(dict.fromkeys(map(tuple, self.exact.values())))}
        which = [numbers[tuple(row)] for row in self.exact.values()]
        return {name: getattr(self, name) for name in _KEPT} | {"exact": ["\n".join(self.exact), which, list(numbers)]}

    def rule(self, i: int) -> Rule:
        """Return rule number ``i`` (its phrases and examples stay in the rule file)."""
        found = self._built.get(i)
        if found is None:
            identity, kind, role, certainty, why, body, path, line, keep, where, levels, counts, titled = self.rules[i]
            found = self._built[i] = Rule(
                identity, kind, role, Certainty(certainty), why, body, Source(Path(path), line),
                keep, (), (), (), where, tuple(levels), counts, titled,
            )  # fmt: skip
        return found

    @cached_property
    def runs(self) -> list[Rule]:
        """The rules that look for runs of lines."""
        return [self.rule(i) for i, row in enumerate(self.rules) if row[1] == "run"]

    def own(self, rule: Rule) -> bool:
        """Return whether a rule is one of those that come with scrubber."""
        return rule.source.path.is_relative_to(bundled())


class Library:
    """The tables of one set of rule files: ``base``, and one a language.

    ``packs`` lists name, hosts and uses of every pack; ``digest`` is a hash of all rule files.
    """

    def __init__(
        self, head: Mapping[str, Any], tables: Mapping[str, Index], read: Callable[[str], Index] | None = None
    ) -> None:
        """``read`` returns a table that is not among ``tables``."""
        self.head = head
        self.packs: list[dict[str, Any]] = head["packs"]
        self.weights: dict[str, float] = head["weights"]
        self.digest: str = head["digest"]
        self.base = tables[BASE]
        self.guesser = Guesser(head["languages"])
        self.hosts = frozenset(host for pack in self.packs for host in pack["hosts"])
        """The hosts that packs are for."""
        self._tables = dict(tables)
        self._read = read

    def gated(self, hosts: Sequence[str], platforms: Collection[str]) -> list[str]:
        """Return the tables beside those of languages for documents from ``hosts`` that show these fingerprints."""
        if self.hosts.intersection(hosts):
            return [SITES, PLATFORMS]
        return [PLATFORMS] if platforms else []

    def language(self, code: str) -> Index:
        """Return the table of that name: one of a language or one of those above; one without rules is empty."""
        if code not in self._tables:
            self._tables[code] = self._read(code) if self._read else Index()
        return self._tables[code]

    @cached_property
    def page_rules(self) -> PageRules:
        """The rules for elements of pages, filed."""
        from scrubber.matchers.pages import PageRules

        return PageRules(self.language(PAGES))

    def tables(self) -> dict[str, Index]:
        """Return every table that has been read, by language."""
        return self._tables
