"""Edits as a report: where things stood, and rewrites that are made when they are looked at."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from scrubber import clean
from scrubber.account import Rewrites, sizes
from scrubber.model import Edit, Rewrite

TEXTS = st.text(alphabet="ab\n\r“", max_size=40)


@given(TEXTS, st.lists(st.integers(0, 40), max_size=8))
def test_lines_and_columns(text: str, places: list[int]) -> None:
    edits = [Edit(at, at, "x", "quotes") for at in sorted(set(places)) if at <= len(text)]
    rewrites = Rewrites(text, edits, len(edits))
    assert [(r.line, r.column) for r in rewrites] == [
        (text.count("\n", 0, e.start) + 1, e.start - text.rfind("\n", 0, e.start)) for e in edits
    ]
    assert [r.out for r in rewrites] == [e.start + n for n, e in enumerate(edits)]


def test_rewrites_are_a_sequence_that_counts_without_being_made() -> None:
    rewrites = clean("“One” and “two”\nand more  \n").report.rewrites
    assert isinstance(rewrites, Rewrites)
    assert rewrites._rows is None
    assert len(rewrites) == 5
    assert sizes(rewrites) == {"quotes": (4, 4), "trailing": (1, 2)}
    assert rewrites._rows is None
    assert rewrites[0] == Rewrite("quotes", 0, 1, 1, 1, "“", '"', 0)
    assert rewrites[-1:] == (Rewrite("trailing", 24, 26, 2, 9, "  ", "", 24),)
    assert sizes(tuple(rewrites)) == sizes(rewrites)
    assert pickle.loads(pickle.dumps(rewrites)) == tuple(rewrites)
    assert rewrites == tuple(rewrites)
    assert hash(rewrites) == hash(tuple(rewrites))
    assert repr(rewrites) == repr(tuple(rewrites))
