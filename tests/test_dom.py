"""Pages read with lexbor: the blocks, the same by both walks, and limits."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.formats.dom import read
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
