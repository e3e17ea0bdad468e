"""What an importer found: rules by host, and what became of every line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple


class Line(NamedTuple):
    """What became of one line of a source; ``outcome`` is imported, dropped or unknown."""

    source: str
    number: int
    outcome: str
    reason: str = ""


class Imported(NamedTuple):
    """One rule to be: its kind, selectors and origin; ``keep`` for exceptions."""

    kind: str
    selectors: tuple[str, ...]
    origin: str
    why: str
    role: str = "boilerplate"
    certainty: str = "likely"
    keep: bool = False


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
        """Yield (pack name, TOML) for each host, sorted; the same input gives the same text."""
        for host in sorted(self.rules):
            yield host or "generic", self._toml(host, licence)

    def _toml(self, host: str, licence: str) -> str:
        parts = [f"# Imported from {self.name}. Licence: {licence}.", "schema = 1"]
        if host:
            parts.append(f"hosts = [{_quoted(host)}]")
        seen: set[tuple[str, tuple[str, ...], bool]] = set()
        number = 0
        for rule in self.rules[host]:
            key = rule.kind, rule.selectors, rule.keep
            if key in seen:
                continue
            seen.add(key)
            number += 1
            digest = sha256("\n".join((rule.kind, *rule.selectors)).encode()).hexdigest()[:8]
            parts += [
                "\n[[rule]]", f'id = "{number}-{digest}"', f'role = "{rule.role}"', f'certainty = "{rule.certainty}"',
                f"why = {_quoted(rule.why)}", f"origin = {_quoted(f'{rule.origin}, {licence}')}",
                f"{rule.kind} = [{', '.join(map(_quoted, rule.selectors))}]",
            ]  # fmt: skip
            if rule.keep:
                parts.append("keep = true")
        return "\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
