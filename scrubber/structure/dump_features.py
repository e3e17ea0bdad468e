"""What a model is told of each line of a dump. Which line is main content is not decided here.

A dump has nothing but words and their order, so a line is told by its shape, by the lines around it, by where it
stands, by what repeats, and by what the rules know of it. None of it needs to know the language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from scrubber.model import Certainty
from scrubber.structure.lines import (
    COMMA,
    DIGIT,
    END,
    LOWER,
    MARK,
    OTHER,
    SPACE,
    UPPER,
    WIDE,
    Counts,
    Lines,
    mass,
    runs,
    shift,
    since,
    until,
    window,
)  # fmt: skip

_WORD = re.compile(r"\w+")
_SURE = {Certainty.WEAK: 1, Certainty.FAIR: 2, Certainty.LIKELY: 3, Certainty.CERTAIN: 4}
_GROUPS = (
    "nav skip-link pagination search toc login shop", "share print-email follow like", "related read-more tags",
    "comments forum rating", "newsletter app-promo donate", "cookies js-required captcha loading",
    "legal copyright-legal mobile-switch", "ads paywall",
)  # fmt: skip
_ROLES = {role: group for group, roles in enumerate(_GROUPS) for role in roles.split()}
_MARKERS = {"nav": 0, "share": 1, "related": 2, "comments": 3, "newsletter": 4, "legal": 6}
_LONGEST = 300
_TITLE = 40


class Witness(NamedTuple):
    """What the rules say of a line: how sure the surest is (1 weak to 4 certain), the sum, whether it goes, its role."""

    certainty: int
    evidence: float
    goes: bool
    role: str

    @classmethod
    def of(cls, judgement: Any) -> Witness | None:
        """Return the witness of a judgement, None where only ``keep`` rules speak."""
        rules = [rule for rule in judgement.rules if not rule.keep]
        if not rules:
            return None
        return cls(max(_SURE[r.certainty] for r in rules), judgement.evidence, judgement.goes, judgement.rules[0].role)


def columns(lines: Lines, witnesses: Mapping[int, Witness], url: str = "") -> dict[str, Any]:
    """Return the features by name, each of shape (lines,); ``witnesses`` are by number of the line in the text."""
    counts = Counts.of(lines)
    shape = _shape(lines, counts)
    place = _place(counts, shape)
    return (
        shape
        | _around(counts, shape)
        | place
        | _page(lines, counts, shape)
        | _words(lines, shape, url)
        | _known(lines, witnesses)
    )


def matrix(lines: Lines, witnesses: Mapping[int, Witness], url: str = "") -> Any:
    """Return the features as one matrix of shape (lines, features)."""
    return np.column_stack(list(columns(lines, witnesses, url).values())).astype(np.float32)


def _shape(lines: Lines, c: Counts) -> dict[str, Any]:
    """Return what can be seen of a line itself, and of the lines that go on with it."""
    words = np.maximum(c.words, 0.5)
    chars = (lines.ends - lines.starts).astype(np.float64)
    solid = np.maximum(chars - c.by_class[SPACE], 1)
    ends = c.last == END
    prose = ((words >= 12) & (ends | (words >= 30)) & (c.small > 0.4 * words)) | (
        (c.by_class[WIDE] > 25) & (c.by_class[END] + c.by_class[COMMA] > 1)
    )
    f: dict[str, Any] = {"words": words, "chars": chars, "word-length": (chars - c.by_class[SPACE]) / words}
    for name, kind in (("upper", UPPER), ("digit", DIGIT), ("mark", MARK), ("other", OTHER), ("wide", WIDE)):
        f[f"{name}-share"] = c.by_class[kind] / solid
    for name, values in (("capital", c.capitals), ("small", c.small), ("brief", c.brief)):
        f[f"{name}-share"] = values / words
    goes_on = ((c.first == LOWER) | (c.first == COMMA) | (c.first == END)) & (lines.blanks == 0)
    below = np.minimum(np.append(lines.blanks[1:], 9), 9)
    f |= {
        "brief": c.brief, "stops": c.stops, "commas": c.by_class[COMMA], "digits": c.by_class[DIGIT], "ends": ends,
        "ends-comma": c.last == COMMA, "first": c.first, "last": c.last, "indent": c.indent, "prose": prose,
        "blanks": np.minimum(lines.blanks, 9), "blanks-below": below, "goes-on": goes_on,
        "goes-on-below": shift(goes_on, 1, 0), "short": (words < 6) & ~ends,
    }  # fmt: skip
    for name, number in (("joined", np.cumsum(~goes_on)), ("para", np.cumsum(lines.blanks > 0))):
        number = number - number[0]  # lines joined inside a sentence; lines with no blank one between
        for of, values in (("words", words), ("stops", c.stops), ("lines", np.ones(len(words))), ("prose", prose)):
            f[f"{name}-{of}"] = np.bincount(number, values)[number]
    return f


def _around(c: Counts, shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return figures of the lines near each line."""
    words, prose = shape["words"], shape["prose"]
    small = np.log1p(words)
    f: dict[str, Any] = {}
    for by in (-3, -2, -1, 1, 2, 3):
        f[f"words{by:+}"] = shift(small, by)
        f[f"ends{by:+}"] = shift(shape["ends"], by)
        f[f"capital-share{by:+}"] = shift(shape["capital-share"], by)
    ones = np.ones(len(words))
    for reach in (3, 6, 12, 25, 60):
        near = window(words, reach, reach)
        f[f"words~{reach}"] = near / window(ones, reach, reach)
        f[f"stops~{reach}"] = window(c.stops, reach, reach) / window(ones, reach, reach)
        f[f"brief~{reach}"] = window(c.brief, reach, reach) / near
        f[f"capitals~{reach}"] = window(c.capitals, reach, reach) / near
        f[f"prose~{reach}"] = window(np.where(prose, words, 0), reach, reach) / near
        f[f"above~{reach}"] = window(small, reach, -1) / np.maximum(window(ones, reach, -1), 1)
        f[f"below~{reach}"] = window(small, -1, reach) / np.maximum(window(ones, -1, reach), 1)
    short = shape["short"]
    number, lengths = runs(short)
    padded = np.concatenate([[0.0], lengths, [0.0]])
    f["short-run"] = np.where(short, lengths[number], 0)
    f["short-run-above"] = np.where(short, 0, padded[number])
    f["short-run-below"] = np.where(short, 0, padded[number + 2])
    return f


def _place(c: Counts, shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return where each line stands on the page, and to its prose."""
    words, prose = shape["words"], shape["prose"]
    n = len(words)
    at = np.arange(n)
    of_prose = np.where(prose, words, 0)
    so_far, done = np.cumsum(words), np.cumsum(of_prose)
    near = mass(of_prose)
    return {
        "words-before": so_far - words, "words-after": so_far[-1] - so_far, "share-before": (so_far - words) / so_far[-1],
        "lines-before": at, "lines-after": n - 1 - at, "lines-share": at / n,
        "prose-since": since(prose), "prose-until": until(prose),
        "prose-before": (done - of_prose) / max(done[-1], 1),
        "prose-words-before": done - of_prose, "prose-words-after": done[-1] - done,
        "mass": near, "mass-share": near / max(near.max(), 1), "peak-distance": at - int(near.argmax()),
    }  # fmt: skip


def _page(lines: Lines, c: Counts, shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is the same for every line of a page."""
    words, prose = shape["words"], shape["prose"]
    total = words.sum()
    rows = {
        "lines": len(words), "words": total, "prose": words[prose].sum() / total, "prose-words": words[prose].sum(),
        "short": shape["short"].mean(), "blank": (lines.blanks > 0).mean(), "stops": c.stops.sum() / total,
        "longest": words.max(), "brief": c.brief.sum() / total, "digits": c.by_class[DIGIT].sum() / total,
    }  # fmt: skip
    return {f"page-{name}": np.full(len(words), float(value)) for name, value in rows.items()}


def _words(lines: Lines, shape: Mapping[str, Any], url: str) -> dict[str, Any]:
    """Return what repeats: the line, the words of the page's first line, of its address and of its prose."""
    texts = lines.texts
    rows = [_WORD.findall(text.lower()) if len(text) < _LONGEST else [] for text in texts]
    count, seen = Counter(map(tuple, rows)), Counter[tuple[str, ...]]()
    repeats, again = np.ones(len(rows)), np.zeros(len(rows))
    for i, row in enumerate(map(tuple, rows)):
        if row:
            repeats[i], again[i] = count[row], seen[row]
            seen[row] += 1
    title = frozenset(rows[0][:_TITLE])
    path = url.lower().partition("//")[2].partition("/")[2]
    slug = frozenset(_WORD.findall(path.replace("_", " ")))
    prose = frozenset(w for i in np.flatnonzero(shape["prose"]).tolist() for w in _WORD.findall(texts[i].lower()))
    titled, slugged, known = (
        np.array([sum(w in group for w in row) / max(len(row), 1) for row in rows]) for group in (title, slug, prose)
    )
    enough = np.array([len(row) for row in rows]) >= min(4, max(len(title) // 2, 2))
    headline = (titled >= 0.99) & enough & (np.arange(len(rows)) > 0)
    return {
        "repeats": repeats, "again": again, "titled": titled, "slugged": slugged, "in-prose": known,
        "headline-since": since(headline), "headline-until": until(headline),
        "slug-words": np.full(len(rows), float(len(slug))),
    }  # fmt: skip


def _known(lines: Lines, witnesses: Mapping[int, Witness]) -> dict[str, Any]:
    """Return what the rules know of each line and of those around it."""
    none = Witness(0, 0.0, False, "")
    said = [witnesses.get(number, none) for number in lines.numbers.tolist()]
    certainty = np.array([w.certainty for w in said], float)
    goes = np.array([w.goes for w in said], float)
    role = np.array([_ROLES.get(w.role, len(_GROUPS)) if w.certainty else -1 for w in said])
    f = {"certainty": certainty, "evidence": np.array([w.evidence for w in said]), "goes": goes, "role": role}
    ones = np.ones(len(said))
    for reach in (2, 5, 12, 30):
        span = window(ones, reach, reach)
        f[f"goes~{reach}"] = window(goes, reach, reach) / span
        f[f"known~{reach}"] = window(certainty > 0, reach, reach) / span
    f["goes-above"], f["goes-below"] = window(goes, 6, -1), window(goes, -1, 6)
    for name, group in _MARKERS.items():
        mask = (role == group) & ((certainty >= 3) | (goes > 0))
        f[f"{name}-since"], f[f"{name}-until"], f[f"{name}-before"] = since(mask), until(mask), np.cumsum(mask)
    f["goes-since"], f["goes-until"] = since(goes > 0), until(goes > 0)
    f["page-goes"] = np.full(len(said), goes.mean())
    return f
