"""What typed holes stand for."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from scrubber.holes import CLOCK, dated, pattern_of


@given(st.from_regex(re.compile(pattern_of("{date}")), fullmatch=True))
def test_every_date_looks_dated(date: str) -> None:
    assert dated(date)


@given(st.from_regex(re.compile(pattern_of("{time}")), fullmatch=True))
def test_every_time_has_a_clock(time: str) -> None:
    assert CLOCK.search(time)
