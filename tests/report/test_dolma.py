"""Dolma attributes: a report becomes spans, spans become the edits of that report again, and nothing else is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.edits import apply, check
from scrubber.model import Edit, Report
from scrubber.report.dolma import edits, row

Maker = Callable[..., Report]
LOW = float("-inf")


def everything(name: str) -> bool:
    return True


def test_a_row(make: Maker) -> None:
    text = "“It” rained.\u200b\nShare\nTweet\n"
    changes = [
        Edit(0, 1, '"', "quotes"),
        Edit(3, 4, '"', "quotes"),
        Edit(12, 13, "", "invisible"),
        Edit(14, 20, "", "core/share/x"),
        Edit(20, 26, "", "core/share/x"),
    ]
    written = json.loads(row("a-1", make(text, changes)))
    assert written == {
        "id": "a-1",
        "attributes": {
            "scrubber__core/share/x": [[14, 20, 2.5], [20, 26, 2.5]],
            "scrubber__quotes__0022": [[0, 1, 1.0], [3, 4, 1.0]],
            "scrubber__invisible": [[12, 13, 1.0]],
        },
    }
    assert apply(text, edits(written["attributes"], everything, LOW, len(text))) == '"It" rained.\n'
    assert apply(text, edits(written["attributes"], lambda name: "/" in name, LOW, len(text))) == "“It” rained.\u200b\n"
    assert edits(written["attributes"], lambda name: "/" in name, 2.6, len(text)) == []


def test_a_document_nobody_looked_at_has_a_row() -> None:
    assert row(None, None) == b'{"id":null,"attributes":{}}\n'


@pytest.mark.parametrize(
    ("spans", "clean"),
    [
        ({"a/x": [[2, 4, 1], [4, 6, 1]]}, "0167"),  # touching
        ({"a/x": [[2, 5, 1]], "b/y": [[3, 6, 1]]}, "0167"),  # overlapping
        ({"a/x": [[2, 6, 1]], "scrubber__quotes__0041": [[3, 4, 1]]}, "0167"),  # a rewrite inside a removal
        ({"scrubber__quotes__0041_0042": [[1, 2, 1]], "a/x": [[2, 3, 1]]}, "0AB34567"),  # touching a rewrite
        ({"scrubber__quotes__0041": [[1, 4, 1]], "a/x": [[3, 6, 1]]}, "01267"),  # a removal wins over a rewrite
        ({"scrubber__quotes__0041": [[8, 8, 1]]}, "01234567A"),  # what is put in at the end
        ({"c4__c4__lines": [[0, 8, 0.5]]}, ""),  # somebody else's
        ({"scrubber__quotes__zz": [[0, 1, 1]]}, "1234567"),  # a name that only looks like ours
        ({"a/x": [[3, 3, 1]], "b/y": []}, "01234567"),
    ],
)
def test_spans_become_disjoint_edits(spans: dict[str, Any], clean: str) -> None:
    found = edits(spans, everything, LOW, 8)
    check("01234567", found)
    assert apply("01234567", found) == clean


@pytest.mark.parametrize("span", [[0, 9, 1], [-1, 2, 1], [3, 2, 1], [0, 1], [0.5, 1, 1], ["0", 1, 1], 3])
def test_spans_outside_the_text_are_refused(span: object) -> None:
    with pytest.raises(ValueError, match='attribute "a"'):
        edits({"a": [span]}, everything, LOW, 8)
    with pytest.raises(ValueError, match="no list"):
        edits({"a": {"b": 1}}, everything, LOW, 8)
    assert edits({"a": [span]}, lambda name: False, LOW, 8) == []


@given(text=st.text(alphabet="ab \n“𝒳", max_size=30), data=st.data())
def test_a_report_comes_back(make: Maker, text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=9)))
    changes = []
    for start, end in pairwise(cuts):
        new = data.draw(st.sampled_from(["", '"', "x\n", None]))
        if new is not None and text[start:end] != new:
            changes.append(Edit(start, end, new, "quotes" if new else data.draw(st.sampled_from(["a/b/c", "d/e/f"]))))
    attributes = json.loads(row(1, make(text, changes)))["attributes"]
    assert apply(text, edits(attributes, everything, LOW, len(text))) == apply(text, changes)
