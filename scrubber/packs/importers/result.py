"""What an importer found: rules by host, and what became of every line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple


class Line(NamedTuple):
    """What became of one line of a source; ``outcome`` is imported, dropped or unknown."""

    source: str
    number: int
    outcome: str
    reason: str = ""


class Imported(NamedTuple):
    """One rule to be: its kind, what the kind's key holds, and its origin; ``keep`` for exceptions."""

    kind: str
    selectors: tuple[str, ...]
    origin: str
    why: str
    role: str = "boilerplate"
    certainty: str = "likely"
    keep: bool = False
    needs: tuple[str, ...] = ()
    """Of a regular expression: literals one of which every match holds."""


class Import:
    """Rules by host ("" for every site) and the fate of each line, in the order of the source."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rules: dict[str, list[Imported]] = {}
        self.lines: list[Line] = []

    def counts(self) -> Counter[str]:
        """Return how many lines were imported, dropped and unknown."""
        return Counter(line.outcome for line in self.lines)

    def packs(self, licence: str) -> Iterator[tuple[str, str]]:
        """Yield (pack name, TOML) for the hosts, sorted; the same input gives the same text.

        Hosts with the very same rules share a pack, named after the first of them. What is for the hosts above stands in
        packs of their own, which apply as well.
        """
        groups: dict[tuple[tuple[str, tuple[str, ...], bool], ...], list[str]] = {}
        for host in sorted(self.rules):
            rules = self._all(host)
            groups.setdefault(tuple((r.kind, r.selectors, r.keep) for r in rules), []).append(host)
        for hosts in sorted(groups.values()):
            yield (hosts[0] or "generic").replace("*", "any"), self._toml(hosts, licence)

    def _all(self, host: str) -> list[Imported]:
        """Return the rules of a host, each once."""
        return list({(r.kind, r.selectors, r.keep): r for r in reversed(self.rules[host])}.values())[::-1]

    def _toml(self, hosts: list[str], licence: str) -> str:
        parts = [f"# Imported from {self.name}. Licence: {licence}.", "schema = 1"]
        if hosts != [""]:
            parts.append(f"hosts = {_list(hosts)}")
        for number, rule in enumerate(self._all(hosts[0]), 1):
            digest = sha256("\n".join((rule.kind, *rule.selectors)).encode()).hexdigest()[:8]
            parts += [
                "\n[[rule]]", f'id = "{number}-{digest}"', f'role = "{rule.role}"', f'certainty = "{rule.certainty}"',
                f"why = {_quoted(rule.why)}", f"origin = {_quoted(f'{rule.origin}, {licence}')}",
                f"{rule.kind} = " + (_quoted(rule.selectors[0]) if rule.needs else _list(rule.selectors)),
            ]  # fmt: skip
            if rule.needs:
                parts.append(f"needs = {_list(rule.needs)}")
            if rule.keep:
                parts.append("keep = true")
        return "\n".join(parts) + "\n"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
