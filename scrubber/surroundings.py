"""What the lines around a line say about it: whether they lead to it, go on into it or surround it as a list."""

from __future__ import annotations

from scrubber.model import BlockKind, Certainty, Rule
from scrubber.pattern import pattern
from scrubber.scene import Scene, inside_sentence

SAFE_KINDS = (BlockKind.CODE, BlockKind.MATTER, BlockKind.TABLE, BlockKind.QUOTE)
"""Kinds of blocks that are never touched and lend nothing."""

ORDER = {Certainty.WEAK: 0, Certainty.FAIR: 1, Certainty.LIKELY: 2, Certainty.CERTAIN: 3}
_STEP = pattern(r"^\s*\d{1,3}[.)]\s")
_STANZA = 8
_SENTENCE_WORDS = 4
_WORD_LIST = 6
_ENTRY_WORDS = 8
"""Words of an entry of a word list; entries stand apart, with a blank line between."""
_LIST_REACH = 30
_LONG_LINE = 45
_WIDEST = 132
_WRAPPED_WORDS = 7
_INTRODUCTION = 4
_CUE_WORDS = 3


def step(scene: Scene, line: int) -> bool:
    """Return whether a line is numbered like a step of a manual."""
    return _STEP.match(scene.view.lines[line]) is not None


def continues(scene: Scene, before: int, line: int, best: Rule) -> bool:
    """Return whether the line goes on with a sentence that the line right above it began."""
    view = scene.view
    if before in scene.findings or not scene.adjacent(before, line):
        return False
    hangs = scene.kinds[before] is BlockKind.ITEM and view.lines[line][:1].isspace()
    if scene.kinds[line] is not BlockKind.PARAGRAPH or not (hangs or scene.kinds[before] is BlockKind.PARAGRAPH):
        return False
    above = view.lines[before].rstrip()
    if not _LONG_LINE <= len(above) <= _WIDEST or view.words(before) < _WRAPPED_WORDS or view.ends_clause(before):
        return False
    if best.certainty is Certainty.CERTAIN:
        return view.lines[line].lstrip()[:1].islower()
    return scene.content(before) or inside_sentence(view.lines[line])


def among_unknown(scene: Scene, line: int) -> tuple[bool, bool]:
    """Return whether most lines of the stanza or list around are unknown, and whether a strong rule knows one."""
    lines = _list_around(scene, line, 1)
    unknown = sum(other not in scene.findings for other in lines)
    strong = any(other in scene.strong and not step(scene, other) for other in lines)
    if unknown >= max(len(lines) - unknown, 2):
        return True, strong
    lines = _list_around(scene, line, 2)
    unknown = sum(other not in scene.findings for other in lines)
    words = unknown >= _WORD_LIST and 5 * unknown >= 3 * len(lines)
    return words and all(scene.view.words(other) <= _ENTRY_WORDS for other in lines), strong


def _list_around(scene: Scene, line: int, gap: int) -> list[int]:
    """Return the lines that are no prose, each ``gap`` lines from the next, before and after ``line``."""
    solid, order, n, found = scene.solid, scene.order, scene.rank(line), []
    for way in (-1, 1):
        last = line
        for m in range(n + way, n + way * (_STANZA + 1), way):
            if not 0 <= m < len(solid) or abs(order[solid[m]] - order[last]) != gap or scene.content(solid[m]):
                break
            last = solid[m]
            found.append(last)
    return found


def between_sentences(scene: Scene, before: int | None, after: int | None) -> bool:
    """Return whether the lines around are sentences that no rule knows, long enough to be prose or not."""
    return before is not None and after is not None and sentence(scene, before) and sentence(scene, after)


def sentence(scene: Scene, line: int) -> bool:
    """Return whether a line is a sentence that no rule knows, long enough to be prose or not."""
    return line not in scene.findings and scene.view.words(line) >= _SENTENCE_WORDS and scene.view.ends_sentence(line)


def introduced(scene: Scene, line: int, kind: BlockKind) -> bool:
    """Return whether a colon, a heading or a speaker's name leads to this line, or to the list it is in."""
    view = scene.view
    above = scene.near(line, -1)
    while kind is BlockKind.ITEM and above is not None and scene.kinds[above] is BlockKind.ITEM:
        if scene.rank(line) - scene.rank(above) > _LIST_REACH:
            return False
        above = scene.near(above, -1)
    if above is None or above in scene.findings:
        return False
    if kind is BlockKind.ITEM and scene.kinds[above] is BlockKind.HEADING and scene.place(line) == "body":
        return True
    if scene.adjacent(above, line) and view.lines[above].isupper() and view.words(above) <= _CUE_WORDS:
        return True  # the name of a speaker
    return view.lines[above].rstrip().endswith((":", "：")) and view.words(above) >= _INTRODUCTION


def lender(scene: Scene, line: int) -> Rule | None:
    """Return the rule by which a line lends evidence to its neighbours, or None; asked once a scene."""
    if line not in scene.lenders:
        rules = [f.rule for f in scene.findings[line] if not f.rule.keep]
        kind = scene.kinds[line]
        lends = rules and kind not in SAFE_KINDS and not step(scene, line)
        lends = lends and not (kind is BlockKind.ITEM and introduced(scene, line, kind))
        scene.lenders[line] = max(rules, key=lambda r: ORDER[r.certainty]) if lends else None
    return scene.lenders[line]
