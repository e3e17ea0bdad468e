"""``clean`` on HTML: elements whose every line is debris are cut out of the source; all other bytes stay.

Rules for text see the page as its lines, those for elements (``select``) its tree. An element goes when nothing in it
stays and it holds nothing but text: no picture, player, form or script. Nothing inside a line is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from scrubber.cleaner import Cleaned, Cleaner
from scrubber.edits import Backward
from scrubber.formats.html import parse
from scrubber.formats.markup import Tag, cut, fingerprint, number_of, numbered, spans, tags
from scrubber.formats.page import Lines, Page
from scrubber.matchers.pages import Marker
from scrubber.model import Edit, Removal, Report

LARGEST = 20_000_000
"""Code points of a page above which it passes unchanged: the tree would take too much memory."""

_PRECIOUS = ("img", "picture", "video", "audio", "iframe", "object", "embed", "canvas", "math", "form", "input", "textarea",
             "select", "script", "style", "template", "link", "meta")  # fmt: skip
_FIXED = frozenset("html head body main article td th tbody thead".split())
_ONE_BY_ONE = 60
_ROUNDS = 4


def clean_html(cleaner: Cleaner, source: str, url: str | None = None, name: str = "") -> Cleaned:
    """Return the page without its debris, and the report, whose positions index ``source``.

    The page is read again until nothing more goes: an element that had to stay is company to its neighbours.
    """
    whole = cleaned = _once(cleaner, source, url, name)
    for _ in range(_ROUNDS):
        if not cleaned.report.removals:
            break
        cleaned = _once(cleaner, whole.text, url, name)
        whole = _joined(source, whole, cleaned)
    return whole


def _joined(source: str, first: Cleaned, second: Cleaned) -> Cleaned:
    """Return what ``second``, made of the text of ``first``, comes to as one cleaning of ``source``."""
    if not second.report.removals:
        return first
    back = Backward([Edit(r.start, r.end, "", "") for r in first.report.removals])
    late = [r._replace(start=back(r.start), end=back(r.end, end=True)) for r in second.report.removals]
    early = [r for r in first.report.removals if not any(x.start <= r.start and r.end <= x.end for x in late)]
    rows = sorted((*early, *late), key=lambda r: r.start)
    removals = _removals(source, [((r.start, r.end), r) for r in rows])
    return Cleaned(second.text, first.report._replace(removals=tuple(removals)))


def _once(cleaner: Cleaner, source: str, url: str | None, name: str) -> Cleaned:
    """Return the page after one look at it."""
    report = Report(name, url or "", "html", characters=len(source))
    if len(source) > LARGEST:
        return Cleaned(source, report._replace(notes=(f"more than {LARGEST} characters: left as it is",)))
    found = tags(source)
    marker = _marker(cleaner, url)
    page = parse(numbered(source, found), traced=True, marks=marker)
    if not page.spots or page.places is None:
        return Cleaned(source, report)
    lines = Lines.of(page)
    whole = cleaner.clean(lines.text, url, name=name, text_format="text")
    report = report._replace(notes=tuple(n for n in whole.report.notes if "control" not in n), errors=whole.report.errors)
    if whole.report.refused:
        return Cleaned(source, report._replace(refused=whole.report.refused))
    why: dict[int, Removal] = {}
    for removal in whole.report.removals:
        why.update(dict.fromkeys(lines.within(removal.start, removal.end), removal))
    for i, spot in enumerate(page.spots):
        if spot.mark > 0 and marker is not None:
            rule = marker.rules[spot.mark - 1]
            why.setdefault(i, Removal((rule.id,), rule.role, rule.why, 0, 0, 0, 0, spot.text, 0, 0.0))
    if refused := _refused(cleaner, page, why):
        return Cleaned(source, report._replace(refused=refused))
    nodes = list(_going(page, why))
    if not nodes:
        return Cleaned(source, report)
    good = _proven(source, found, page, nodes)
    removals = _removals(source, [(spans_, why[i]) for spans_, i in good])
    return Cleaned(cut(source, [(r.start, r.end) for r in removals]), report._replace(removals=tuple(removals)))


def _marker(cleaner: Cleaner, url: str | None) -> Marker | None:
    engine = cleaner.engine
    active = engine.selected.active(engine.library.packs, frozenset(), cleaner.hosts("", url))
    marker: Marker | None = engine.library.page_rules.marker(active, lambda rule: engine.selected.on(rule, active))
    return marker


def _refused(cleaner: Cleaner, page: Page, why: dict[int, Removal]) -> str:
    total = sum(len(spot.text) for spot in page.spots)
    share = sum(len(page.spots[i].text) for i in why) / max(total, 1)
    limit = cleaner.settings.max_removed
    if share <= limit or limit >= 1:
        return ""
    return f"{share:.0%} of the text would go, more than the limit of {limit:.0%} (--max-removed)"


def _going(page: Page, why: dict[int, Removal]) -> Iterator[tuple[Any, int]]:
    """Yield the largest elements in which nothing stays, each with a block of it."""
    assert page.places is not None
    alive: set[Any] = set()
    gone: dict[Any, int] = {}
    for i, places in enumerate(page.places):
        for node, tail in places:
            here = node.getparent() if tail else node
            if i in why:
                while here is not None and here not in gone:
                    gone[here] = i
                    here = here.getparent()
            else:
                while here is not None and here not in alive:
                    alive.add(here)
                    here = here.getparent()

    body = page.tree.find("body")
    stack = [page.tree if body is None else body]
    while stack:
        node = stack.pop()
        if node not in gone:
            continue
        if node not in alive and node.tag not in _FIXED and number_of(node) is not None and not _precious(node):
            yield node, gone[node]
        else:
            stack.extend(reversed(node))


def _precious(node: Any) -> bool:
    return node.tag in _PRECIOUS or next(node.iterdescendants(*_PRECIOUS), None) is not None


def _proven(
    source: str, found: Sequence[Tag], page: Page, nodes: Sequence[tuple[Any, int]]
) -> list[tuple[tuple[int, int], int]]:
    """Return range and block of those elements whose cut leaves the rest of the tree as it is."""
    numbers = {number_of(node): (node, block) for node, block in nodes}
    ranges = spans(found, [n for n in numbers if n is not None])

    def holds(chosen: Sequence[int]) -> bool:
        taken = sorted(ranges[n] for n in chosen)
        if any(a[1] > b[0] for a, b in pairwise(taken)):
            return False
        again = parse(cut(source, taken)).tree
        return again is not None and fingerprint(again) == fingerprint(page.tree, [numbers[n][0] for n in chosen])

    chosen = list(ranges)
    if not holds(chosen):
        chosen = [n for n in chosen[:_ONE_BY_ONE] if holds([n])]
        if not holds(chosen):
            chosen = []
    return sorted((ranges[n], numbers[n][1]) for n in chosen)


def _removals(source: str, cuts: Sequence[tuple[tuple[int, int], Removal]]) -> list[Removal]:
    out: list[Removal] = []
    line, at, shift = 1, 0, 0
    for (start, end), why in cuts:
        line += source.count("\n", at, start)
        at = start
        column = start - source.rfind("\n", 0, start)
        out.append(why._replace(start=start, end=end, line=line, column=column, text=source[start:end], out=start + shift))
        shift -= end - start
    return out
