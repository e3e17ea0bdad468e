"""The comments of readers below a page's main content, found by the marks that publishing systems give them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from scrubber.formats.page import CLOSE, Page


class Marks(NamedTuple):
    """Words of class, id and itemprop values; see ``comments.toml``."""

    section: frozenset[str]
    body: frozenset[str]
    beside: frozenset[str]


@cache
def marks() -> Marks:
    """Return the marks that ship with scrubber."""
    with (files("scrubber.structure") / "comments.toml").open("rb") as handle:
        table = tomllib.load(handle)
    return Marks(*(frozenset(table[name]) for name in Marks._fields))


def comments(page: Page, keep: Sequence[bool]) -> tuple[str, ...]:
    """Return the comments of a page in their order, paragraphs apart by a blank line; what ``keep`` holds is none."""
    holder = _holders(page)
    found: dict[int, str] = {}
    for spot, kept in zip(page.spots, keep, strict=True):
        body = holder[spot.element]
        if body < 0 or kept:
            continue
        gap = "\n" if page.elements.tag[spot.element] in CLOSE else "\n\n"
        found[body] = f"{found[body]}{gap}{spot.text}" if body in found else spot.text
    return tuple(found.values())


def _holders(page: Page) -> list[int]:
    """Return for each element the innermost one around it that holds the words of a comment, -1 for none."""
    section, body, beside = marks()
    inside: list[bool] = []
    holder: list[int] = []
    for number, (names, parent) in enumerate(zip(page.elements.names, page.elements.parent, strict=True)):
        words = names.split()
        within = parent >= 0 and inside[parent]
        around = holder[parent] if parent >= 0 else -1
        if within and not beside.isdisjoint(words):
            around = -1
        elif within and not body.isdisjoint(words):
            around = number
        inside.append(within or not section.isdisjoint(words))
        holder.append(around)
    return holder
