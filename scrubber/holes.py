"""Typed holes of phrases: what ``{n}``, ``{date}``, ``{time}``, ``{name}``, ``{title}`` and ``{site}`` stand for."""

from __future__ import annotations

import re

HOLE = re.compile(r"\{(n|date|time|name|title|site)\}")
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|january|february|march|april|june|july|august|"
    r"september|sept|october|november|december)\.?"
)
_DATE = (
    r"(?:(?:mon|tues?|wed|wednes|thu|thurs?|fri|sat|satur|sun)(?:day)?,? )?"
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? \d{{4}}|"
    rf"{_MONTH} \d{{4}}|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|"
    r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}\.? \w{3,12}\.? \d{4}|today|yesterday|"
    r"(?:\d+|an?) (?:second|minute|hour|day|week|month|year)s? ago)"
)
_TIME = r"\d{1,2}[:.h]\d{2}(?::\d{2})? ?(?:[ap]\.?m\.?)?(?: ?\(?(?:utc|gmt|[ecmp][sd]?t|cest|cet)(?:[+-]\d+)?\)?)?"
_HOLES = {
    "n": r"\d[\d.,]*(?: ?[kmb])?\+?",
    "date": _DATE + rf"(?:,? (?:at )?{_TIME})?",
    "time": _TIME,
    "name": r"@?\w[\w.'’-]*(?: [\w.'’&-]+){0,4}",
    "title": r"\S.{0,159}",
    "site": r"\w[\w.'’&-]*(?: [\w.'’&-]+){0,5}",
}


def pattern_of(key: str) -> str:
    """Return the regular expression a folded phrase with typed holes stands for."""
    parts = HOLE.split(key)
    return "".join(_HOLES[p] if i % 2 else re.escape(p) for i, p in enumerate(parts))
