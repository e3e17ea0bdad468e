"""Pages read with lexbor: the blocks, the same by both walks, and limits."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.formats.dom import read, traced
from scrubber.formats.page import Page

WHOLE = """<!DOCTYPE html><html lang=en><head><title>Rope</title></head><body class="home Page" id=top>
<header><nav role=navigation><ul><li><a href=/>Home</a><li><a href=/b>Boats<br>and more</a></ul></nav></header>
<p>One <b>bold</b> word.<!-- a note --> <a href=x>A link</a> after.<br><br>Second block.
<pre>  keep
    this </pre><table><tr><td>a<td>b <p>c</p></tr></table><select><option>no</select><iframe>no</iframe>
<noscript><p>for all</p></noscript><div style="display: none" hidden><svg><text>no</text></svg>x</div>
<template><p>no</p></template>tail <o:p>word</o:p> <a @click=x data-y=1>z</a></body></html>"""

pieces = st.lists(
    st.sampled_from(
        [
            *"<p> </p> <div> </div> <ul> <li> </ul> <a> </a> <b> </b> <i> </i> <table> <tr> <td> </table> <br>".split(),
            *"<pre> </pre> <h1> </h1> <span> </span> <select> <option> <svg> </svg> <script> </script> <!-- -->".split(),
            *"<form> <button> <x:y> <b@c> &#1; &#65534; &nbsp; & < > </ \0 \ufffe \u00a0 one".split(" "),
            *("one two", " ", "\n", '<div class="a b" id=c hidden>', "<p style='display:none'>"),
        ]
    ),
    max_size=40,
)


def seen(page: Page) -> object:
    return page.spots, page.elements


def test_blocks() -> None:
    page = read(WHOLE)
    assert [spot.text for spot in page.spots] == [
        "Home", "Boats and more", "One bold word. A link after.", "Second block.", "  keep\n    this", "a b", "c",
        "for all", "x", "tail word z",
    ]  # fmt: skip
    assert [spot.link_words for spot in page.spots][:4] == [1, 3, 2, 0]
    assert page.elements.names[0] == "home page top"
    assert page.head.title == "Rope"
    assert page.head.language == "en"
    assert page.tree is None


def test_both_walks_agree_on_a_page() -> None:
    assert seen(read(WHOLE)) == seen(read(WHOLE, traced=True))


@settings(max_examples=300, deadline=None)
@given(pieces)
def test_both_walks_agree(parts: list[str]) -> None:
    source = "".join(parts)
    assert seen(read(source)) == seen(read(source, traced=True))


@settings(max_examples=300, deadline=None)
@given(pieces, st.data())
def test_the_traced_part_has_the_blocks_that_stay(parts: list[str], data: st.DataObject) -> None:
    page = read("".join(parts))
    keep = data.draw(st.lists(st.booleans(), min_size=len(page.spots), max_size=len(page.spots)))
    part, stays = traced(page, keep)
    assert part.places is not None
    assert len(stays) == len(part.spots) == len(part.places)
    kept = [spot.text for spot, stay in zip(page.spots, keep, strict=True) if stay]
    assert [spot.text for spot, stay in zip(part.spots, stays, strict=True) if stay] == kept


def test_what_stands_outside_the_text_is_not_copied() -> None:
    page = read(WHOLE)
    part, stays = traced(page, [spot.text == "Second block." for spot in page.spots])
    body = part.tree.find("body")
    assert [child.tag for child in body][:3] == ["header", "p", "pre"]
    assert [len(body.find(tag)) + len(body.find(tag).attrib) for tag in ("header", "table", "noscript")] == [0, 0, 0]
    assert sum(stays) == 1


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 100_000 + "rope" + "</div>" * 100_000,
        "".join(f"<p><font color={i}>rope" for i in range(20_000)),
        "<b>" * 50_000 + "rope",
        "<table><tr><td>" * 10_000 + "rope",
    ],
    ids=["deep", "never closed", "bold", "tables"],
)
def test_time_is_bounded(source: str) -> None:
    start = time.process_time()
    page = read(source)
    assert "rope" in page.spots[-1].text
    assert time.process_time() - start < 10
    assert max(page.elements.depth) < 3000
