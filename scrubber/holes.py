"""Typed holes of phrases: what ``{n}``, ``{date}``, ``{time}``, ``{name}``, ``{title}`` and ``{site}`` stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scrubber.pattern import pattern

HOLE = pattern(r"\{(n|date|time|name|title|site)\}")
_NUMBER = r"\d[\d.,]*(?: ?[kmb])?\+?"
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|january|february|march|april|june|july|august|"
    r"september|sept|october|november|december)\.?"
)
_NAMED = (
    r"\d{1,2}(?:er|º|°|[.,-]a?|st|nd|rd|th)?(?: (?:de|d'|of|of the|ta'|ng))? ?"
    r"[^\W\d_]{3,14}\.?,?(?: (?:de|del|di))? \d{4}\.?"
)
_WEEKDAY = r"[^\W\d_]{2,12}(?:[ -][^\W\d_]{2,7})?"
_DATE = (
    rf"(?:(?:{_WEEKDAY}[.,]{{0,2}} )?(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|"
    rf"{_NAMED}(?: (?:г|р|m|y)\.?)?|{_MONTH} \d{{4}})|"
    rf"(?:{_WEEKDAY}[.,]{{1,2}} )?(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}\.?|\d{{4}}\. ?\d{{1,2}}\. ?\d{{1,2}}\.?|"
    r"\d{1,2}[-/.] ?\d{1,2}[-/.] ?\d{2,4}\.?)|"
    r"\d{4} ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일号](?: ?\([日月火水木金土일월화수목금토]\))?|"
    r"\d{4}\. [^\W\d_]{3,12} \d{1,2}\.|"
    r"ngày \d{1,2} tháng \d{1,2},? (?:năm )?\d{4}|today|yesterday|"
    r"(?:\d+|an?) (?:second|minute|hour|day|week|month|year)s? ago"
)
_CLOCK = r"\d{1,2}[:.h]\d{2}(?::\d{2})?"
CLOCK = pattern(r"\d[:.h]\d\d")
"""Finds out whether a line can hold a time of day at all."""
_FIGURES = pattern(r"\d(?:[-/.] ?\d{1,2}[-/.]|\D{3,36}\d{4}|\d{3}\. | ?[年년])")
_FIGURE = pattern(r" \d")
_MONTHS = pattern("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
_DATE_WORDS = pattern(" ago|today|yesterday|ngày")
_ZONE = r"(?: ?\(?(?:utc|gmt|[ecmp][sd]?t|cest|cet|msk|мск|ist|jst)(?:[+-]\d+)?\)?)?"
_TIME = rf"(?:[^\W\d_]{{1,3}} )?{_CLOCK} ?(?:[ap]\.?m\.?|uhr|h|uur|น\.?|час[а-я]*)?{_ZONE}"
_HOLES = {
    "n": _NUMBER,
    "time": _TIME,
    "name": r"@?\w[\w.'’-]*(?: [\w.'’&-]+){0,4}",
    "title": r"\S.{0,159}",
    "site": r"\w[\w.'’&-]*(?: [\w.'’&-]+){0,5}",
}


def dated(key: str, words: Sequence[str] = ()) -> bool:
    """Return whether a line can hold a date; ``words`` are those of a language's relative ones, by ``date_words``."""
    if _FIGURES.search(key) or _DATE_WORDS.search(key) or (_FIGURE.search(key) and _MONTHS.search(key)):
        return True
    return bool(words) and any(word in key for word in words)


def pattern_of(key: str, dates: Sequence[str] = ()) -> str:
    """Return the regular expression a folded phrase with typed holes stands for.

    ``dates`` are expressions for relative dates of a language, made by ``relative_dates``.
    """
    parts = HOLE.split(key)
    if len(parts) == 1:
        return re.escape(key)
    date = "|".join((_DATE, *dates)) + rf")(?:,?(?: -| •| ·| \||[t,])? ?{_TIME})?"
    return "".join(date if p == "date" else _HOLES[p] if i % 2 else re.escape(p) for i, p in enumerate(parts))


def relative_dates(phrases: Sequence[str]) -> list[str]:
    """Return the expressions of relative dates such as ``vor {n} stunden``; they are folded by now."""
    return [_NUMBER.join(re.escape(part) for part in phrase.split("{n}")) for phrase in phrases]


def date_words(phrases: Sequence[str]) -> list[str]:
    """Return for each relative date, folded by now, the longest words in it: no line without them holds it."""
    return list(dict.fromkeys(max(phrase.split("{n}"), key=len) for phrase in phrases))
