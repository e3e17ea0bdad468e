"""The HTML report: one file that needs nothing else, safe whatever the text holds, with every removal and its reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from scrubber.model import Edit, Report
from scrubber.report import html
from scrubber.report.html import Html
from scrubber.report.writers import Told

Maker = Callable[..., Report]
VOID = {"meta", "br", "wbr"}


class Outline(HTMLParser):
    """Tags, attributes and text of a page; what is not closed as it should be fails."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def page(*documents: tuple[str, Report]) -> str:
    """The page written for documents."""
    report = Html()
    return (b"".join(report.add(Told(r, text, dict)) for text, r in documents) + report.close()).decode()


TEXT = 'It rained.\n\n<b onclick="x()">Share & </b>\nTweet\n\nHe said “no”.\n'
EDITS = [
    Edit(TEXT.index("\n<b"), TEXT.index("\nTweet"), "", "core/share/label"),
    Edit(TEXT.index("“"), TEXT.index("“") + 1, '"', "quotes"),
]


def test_removals_stand_in_their_context_with_reasons(make: Maker) -> None:
    told = Outline(page((TEXT, make(TEXT, EDITS, why="A <label>."))))
    for shown in (
        '<b onclick="x()">Share & </b>',
        "It rained.",
        "core/share/label",
        "A <label>.",
        "a.txt",
        "removed 1 line",
    ):
        assert shown in told.text
    assert {"del", "ins", "details", "table"} <= set(told.tags)


def test_the_page_needs_nothing_and_runs_nothing(make: Maker) -> None:
    report = make(TEXT, EDITS)._replace(url="javascript:alert(1)", name='"><script>x</script>', refused="<i>")
    told = Outline(page((TEXT, report), ("", Report(url="https://example.com/?a=1&b", errors=("slow",)))))
    assert not {"script", "img", "link", "iframe"} & set(told.tags)
    assert not [name for name, _ in told.attributes if name in ("src", "onclick")]
    links = [value for name, value in told.attributes if name == "href"]
    assert [link for link in links if not link.startswith("#")] == ["https://example.com/?a=1&b"]
    style = page().partition("<style>")[2].partition("</style>")[0]
    assert not re.search(r"url\(|@import", style)
    assert "prefers-color-scheme:dark" in style
    assert "default-src 'none'" in page()


def test_many_documents_are_counted(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MOST", 2)
    report = make(TEXT, EDITS)
    told = Outline(page(*[(TEXT, report)] * 5, (TEXT, Report())))
    assert [value for name, value in told.attributes if name == "id"] == ["d1", "d2"]
    assert [value for name, value in told.attributes if name == "href"] == ["#d1", "#d2"]
    assert "3 more documents" in told.text
    assert "in 5 documents" in told.text


def test_nothing_found_is_a_page() -> None:
    assert "nothing to clean in 1 document" in Outline(page(("x", Report()))).text


def test_bytes_that_are_no_text_do_not_stop_it(make: Maker) -> None:
    assert "U+DCFF" in page(("\udcff\nShare\n", make("\udcff\nShare\n", [Edit(2, 8, "", "core/share/x")])))
