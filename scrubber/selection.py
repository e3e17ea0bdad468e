"""Which rules are on for a document: by its hosts and platforms, and what the settings turn off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from scrubber.model import Rule

_REMEMBERED = 1000
Packs = Sequence[Mapping[str, Any]]
"""Name, hosts, ``uses``, ``replaces`` and whether there are fingerprints, of every pack."""


def by_host(packs: Packs, hosts: Sequence[str]) -> dict[str, str]:
    """Return the packs that the hosts of a document switch on, and why; those of its own host before those above it."""
    on: dict[str, str] = {}
    used: dict[str, str] = {}
    for host in hosts:
        for pack in packs:
            if host in pack["hosts"]:
                on.setdefault(pack["name"], f"host {host}")
                for name in pack["uses"]:
                    used.setdefault(name, f"used by {pack['name']}")
    return on | {name: why for name, why in used.items() if name not in on}


def replaced(packs: Packs, on: Collection[str]) -> set[str]:
    """Return the packs that others among ``on`` stand in for."""
    return {name for pack in packs if pack["name"] in on for name in pack["replaces"]}


class Selection:
    """Which rules are on: packs for every document, by fingerprint, by host; rules, packs and roles turned off."""

    def __init__(self, disable: Sequence[str] = (), level: str = "standard") -> None:
        self.level = level
        self.disable = tuple(disable)
        self.silenced: set[str] = set()
        """Those of ``disable`` that have kept a rule from speaking so far."""
        self._active: dict[tuple[frozenset[str], tuple[str, ...]], frozenset[str]] = {}

    def active(self, packs: Packs, platforms: frozenset[str], hosts: Sequence[str]) -> frozenset[str]:
        """Return the names of the packs that apply to a document."""
        asked = platforms, tuple(hosts)
        if found := self._active.get(asked):
            return found
        always = {pack["name"] for pack in packs if not pack["hosts"] and not pack["prints"]}
        on = always | platforms | by_host(packs, hosts).keys()
        if len(self._active) > _REMEMBERED:
            self._active.clear()
        self._active[asked] = frozenset(on - replaced(packs, on))
        return self._active[asked]

    def on(self, rule: Rule, active: frozenset[str]) -> bool:
        """Return whether ``rule`` applies, given the active packs."""
        if rule.pack not in active or (rule.levels and self.level not in rule.levels):
            return False
        for name in self.disable:
            if name in (rule.id, rule.role) or rule.id.startswith(name.rstrip("/") + "/"):
                self.silenced.add(name)
                return False
        return True
