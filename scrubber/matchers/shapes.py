"""Sections (``from``/``to``) and runs: shapes made of several lines, some of which no rule knows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from scrubber.fold import fold_phrase, numbers_out
from scrubber.model import BlockKind, Certainty, Rule
from scrubber.pattern import pattern
from scrubber.scene import Scene
from scrubber.verdict import Shape

_STEP = pattern(r"\s*\d{1,3}[.)]\s")
_COMMA = pattern(r"[,，、،;؛]")
_PRICE = pattern(r"[$€£¥₹₽]\s?[1-9]|[1-9][\d.,]*\s?[$€£¥₹₽]")
_FRAGMENT = pattern(r"\s*(?:[,.;:)]|[^\W\d_](?<=[a-z\u00df-\u00ff\u0430-\u044f]))")
"""How a part of a sentence begins that was broken at its links."""
_TITLE_WORDS = 25
_SECTION_LINES = 40
_HEADLINE_WORDS = 4
"""Shorter headings open a section of their own (``References``) and are no headlines of other stories."""
_GAP = 6
_FEW = 3
_ENTRIES = 2
_MOST = 0.7
_SHORT = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.OBJECT)
_STOP = (BlockKind.CODE, BlockKind.MATTER, BlockKind.TABLE, BlockKind.QUOTE)


def sections(scene: Scene) -> dict[int, list[Shape]]:
    """Return the sections that start at a known heading, as shapes by line."""
    found: dict[int, list[Shape]] = {}
    for line in scene.spoken:
        for finding in scene.findings[line]:
            rule = finding.rule
            if rule.kind != "from" or rule.keep:
                continue
            items = _items(scene, line, rule)
            if items:
                for taken in (line, *items):
                    found.setdefault(taken, []).append(Shape(rule, "section"))
    return found


def _items(scene: Scene, line: int, rule: Rule) -> list[int]:
    """Return the lines the section takes in: down to its end while they look like debris."""
    stops = {fold_phrase(p) for p in _strings(rule.body.get("to"))}
    most = int(str(rule.body.get("lines", _SECTION_LINES)))
    tail = scene.place(line) == "tail"
    start = scene.rank(line)
    items: list[int] = []
    ended = True
    for other in scene.solid[start + 1 :]:
        if scene.view.wordless(other) and scene.kinds[other] not in _STOP:
            items.append(other)
            continue
        if _stops(scene, other, stops) or len(items) >= most:
            ended = False
            break
        listed = scene.kinds[other] is BlockKind.ITEM or scene.view.linked(other)
        if not tail and not (listed or other in scene.findings):
            ended = False
            break
        items.append(other)
    while items and scene.view.wordless(items[-1]):
        items.pop()
    whole = ended and all(scene.kinds[i] is BlockKind.ITEM or i in scene.findings for i in items)
    return items if tail or whole or any(scene.view.linked(i) for i in items) else []


def _stops(scene: Scene, line: int, stops: set[str]) -> bool:
    """Return whether a section cannot reach over this line: prose, code, or a heading no rule knows."""
    if scene.view.keys[line] in stops or scene.content(line) or scene.kinds[line] in _STOP:
        return True
    linked = scene.view.linked(line)
    if scene.kinds[line] is BlockKind.HEADING and not linked and line not in scene.findings:
        return scene.place(line) != "tail" or scene.view.words(line) < _HEADLINE_WORDS
    return scene.view.words(line) > _TITLE_WORDS and not linked


def _strings(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else []


def runs(scene: Scene, rules: list[Rule]) -> dict[int, list[Shape]]:
    """Return the runs of short lines as shapes by line: before and after the prose, or near the ends of the text."""
    found: dict[int, list[Shape]] = {}
    for rule in rules if scene.view.markdown else ():
        _cards(scene, rule, found)
    if not rules or not scene.witnesses:
        return found
    first, last = scene.body
    solid = scene.solid
    for rule in rules:
        spec: Mapping[str, Any] = rule.body["run"]  # type: ignore[assignment]
        if spec.get("cards"):
            continue
        if last < 0 and spec.get("bare"):
            _runs_in(scene, solid, rule, found)
        if last < 0 or spec.get("bare"):
            continue
        reach = int(spec.get("reach", 0)) or len(solid)
        middle = (len(solid) + 1) // 2
        head, tail = (first, last + 1) if rule.where != "anywhere" else (middle, middle)
        if rule.where != "tail":
            _runs_in(scene, solid[: min(head, reach)], rule, found)
        if rule.where != "head":
            _runs_in(scene, solid[max(tail, len(solid) - reach) :], rule, found)
    return found


def _cards(scene: Scene, rule: Rule, found: dict[int, list[Shape]]) -> None:
    """Add teasers as Markdown makes of them: links around several lines, one right after the other."""
    spec: Mapping[str, Any] = rule.body["run"]  # type: ignore[assignment]
    if not spec.get("cards"):
        return
    for stretch, count in scene.view.cards:
        if count >= int(spec.get("min", 4)):
            for line in filter(scene.stands, stretch):
                found.setdefault(line, []).append(Shape(rule, "run"))


def _runs_in(scene: Scene, zone: list[int], rule: Rule, found: dict[int, list[Shape]]) -> None:
    spec: Mapping[str, Any] = rule.body["run"]  # type: ignore[assignment]
    run: list[int] = []
    for line in [*_between_witnesses(scene, zone), -1]:
        if line >= 0 and _short(scene, line, spec):
            run.append(line)
            continue
        for part in _parts(scene, run, int(spec.get("gap", _GAP))):
            _take(scene, part, spec, rule, found)
        run = []


def _between_witnesses(scene: Scene, zone: list[int]) -> list[int]:
    """Return the lines of ``zone`` from the first to the last that a rule knows: no run begins or ends elsewhere."""
    if not zone:
        return zone
    known = [line for line in scene.witnesses if zone[0] <= line <= zone[-1]]
    if not known:
        return known
    return zone[bisect_left(zone, known[0]) : bisect_left(zone, known[-1]) + 1]


def _short(scene: Scene, line: int, spec: Mapping[str, Any]) -> bool:
    """Return whether a line may be part of a run.

    With ``items``, lines no rule knows must be items of lists or links; with ``sentences``, they may end one.
    """
    kind = scene.kinds[line]
    if line in scene.witnesses or scene.view.wordless(line):
        return kind not in _STOP
    if kind not in _SHORT or (spec.get("items") and kind is not BlockKind.ITEM and not scene.view.linked(line)):
        return False
    if scene.view.words(line) > int(spec.get("words", 4)) or _PRICE.search(scene.view.lines[line]):
        return False
    text = scene.view.lines[line]
    if spec.get("sentences"):
        return not scene.content(line) and not _FRAGMENT.match(text)
    # no sentence, no list in a sentence, no numbered heading
    return not scene.view.ends_clause(line) and not _COMMA.search(text) and not _STEP.match(text)


def _parts(scene: Scene, run: list[int], gap: int) -> list[list[int]]:
    """Return a run split where more than ``gap`` lines in a row are unknown, edges trimmed to known ones."""
    parts: list[list[int]] = []
    known = [n for n, line in enumerate(run) if line in scene.witnesses]
    begin = previous = -1
    for n in known:
        if begin < 0:
            begin = n
        elif sum(not scene.again(line) for line in run[previous + 1 : n]) > gap:
            parts.append(run[begin : previous + 1])
            begin = n
        previous = n
    if begin >= 0:
        parts.append(run[begin : previous + 1])
    return parts


def _take(scene: Scene, run: list[int], spec: Mapping[str, Any], rule: Rule, found: dict[int, list[Shape]]) -> None:
    ruled = [i for i in run if i in scene.witnesses]
    sure = any(i in scene.strong for i in ruled)
    menus = sure or scene.body[1] >= 0  # where there is no prose, what recurs may be a refrain
    known = len(ruled) + sum(menus and scene.again(i) for i in run if i not in scene.witnesses)
    if len(run) < int(spec.get("min", 4)) or known < float(spec.get("known", 0.4)) * len(run):
        return
    if not spec.get("alone") and _catalogue(scene, run):
        return
    keys = {numbers_out(scene.view.keys[i]) for i in ruled}
    dense = not spec.get("bare") and len(keys) >= _FEW and known >= _MOST * len(run)
    if not (spec.get("alone") or dense or sure or _fair(scene, run)):
        return
    if scene.prose_share < float(spec.get("prose", 0)):
        return
    for line in run:
        found.setdefault(line, []).append(Shape(rule, "run"))


def _fair(scene: Scene, run: list[int]) -> bool:
    """Return whether fair rules know a few different lines of a run, in a text of which a strong one knows some line.

    Where none does, they prove nothing: a lyric may hold as many such words.
    """
    fair = {
        scene.view.keys[line]
        for line in run
        if any(finding.rule.certainty is Certainty.FAIR for finding in scene.witnesses.get(line, ()))
    }
    return len(fair) >= _FEW and bool(scene.strong)


def _catalogue(scene: Scene, run: list[int]) -> bool:
    """Return whether a run lists entries with the same labels, but for numbers, in each: what stands between is content."""
    seen: dict[str, int] = {}
    entries: dict[str, int] = {}
    fresh = 0
    for line in run:
        if line not in scene.witnesses and not scene.again(line):
            fresh += not scene.view.wordless(line)
            continue
        key = numbers_out(scene.view.keys[line])
        entries[key] = entries.get(key, 0) + (fresh > seen.get(key, fresh))
        seen[key] = fresh
    return max(entries.values(), default=0) >= _ENTRIES
