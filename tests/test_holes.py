"""What typed holes stand for."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from scrubber.holes import CLOCK, date_words, dated, pattern_of, relative_dates


@given(st.from_regex(re.compile(pattern_of("{date}")), fullmatch=True))
def test_every_date_looks_dated(date: str) -> None:
    assert dated(date)


@given(st.from_regex(re.compile(pattern_of("{time}")), fullmatch=True))
def test_every_time_has_a_clock(time: str) -> None:
    assert CLOCK.search(time)


def test_a_language_has_words_of_its_own() -> None:
    phrases = ["vor {n} stunden", "gestern", "{n} साल"]
    words = date_words(phrases)
    assert words == [" stunden", "gestern", " साल"]
    expression = re.compile(pattern_of("{date}", relative_dates(phrases)))
    for date in ("vor 3 stunden", "gestern", "12 साल"):
        assert expression.fullmatch(date)
        assert dated(date, words)
        assert not dated(date)
