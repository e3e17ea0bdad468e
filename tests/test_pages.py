"""``clean`` on HTML: debris elements out, every other byte as it was, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from scrubber.cleaner import Cleaned, Cleaner
from scrubber.cli.main import cli
from scrubber.edits import apply, edits_of
from scrubber.formats.markup import numbered, spans, tags
from scrubber.model import Removal, Report, Settings
from scrubber.pages import _joined, clean_html
from scrubber.run import Fields, Request, clean_bytes, clean_record

PROSE = [
    "The ferry to the outer islands left an hour late on Tuesday, because a rope had caught in the propeller.",
    "Passengers waited on the quay, drank coffee from paper cups, and watched two divers go down.",
    "By noon the rope was out. It was eleven metres long, and nobody knew which boat it had come from.",
]
SHARE = (
    '<div class="share"><ul><li><a href="#">Share on Facebook</a></li><li><a href=x>Share on WhatsApp</a></li></ul></div>'
)
NOTICE = "<p>Your email address will not be published.</p>"


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner()


def page(*parts: str) -> str:
    body = "\n".join([f"<p>{PROSE[0]}</p>", parts[0], f"<p>{PROSE[1]}", f"<p>{PROSE[2]}</p>", *parts[1:]])
    return f"<!DOCTYPE html>\n<html><head><title>Rope</title></head>\n<body ><!-- top -->\n{body}\n</body></html>\n"


def test_elements_go_and_bytes_stay(cleaner: Cleaner) -> None:
    source = page(SHARE, NOTICE)
    cleaned = clean_html(cleaner, source)
    assert cleaned.text == page("", "")
    assert [r.text for r in cleaned.report.removals] == [SHARE, NOTICE]
    assert apply(source, edits_of(cleaned.report)) == cleaned.text
    assert clean_html(cleaner, cleaned.text).text == cleaned.text


@pytest.mark.parametrize(
    ("part", "left"),
    [
        (f"<div><img src=a.jpg>{NOTICE}</div>", "<div><img src=a.jpg></div>"),
        (f"<div><script>var a = '<p>';</script>{NOTICE}</div>", "<div><script>var a = '<p>';</script></div>"),
        (f"<!-- {NOTICE} -->", f"<!-- {NOTICE} -->"),
        (f"<div>{NOTICE}</div> tail &amp; more", " tail &amp; more"),
        (f"<DIV title='a > b'>{NOTICE}</DIV>", ""),
        ("<table><tr><td>Your email address will not be published.</td></tr></table>", ""),
        ("Your email address will not be published.<br>But this stays here.", None),
        (f"<p>{PROSE[0]} Your email address will not be published.</p>", None),
        ("<b><p>Your email address will not be published.</b></p>", None),
    ],
)
def test_what_an_element_holds(cleaner: Cleaner, part: str, left: str | None) -> None:
    source = page("", part)
    cleaned = clean_html(cleaner, source)
    assert all(line in cleaned.text for line in PROSE)
    assert cleaned.text == (source if left is None else page("", left)) or (left == "" and NOTICE[3:20] not in cleaned.text)


def test_nothing_to_do_is_the_same_bytes(cleaner: Cleaner) -> None:
    data = page("<p>“Quotes” and\u00a0spaces stay.</p>").replace("\n", "\r\n").encode()
    result = clean_bytes(cleaner, data, "a.html", Request())
    assert result.output is data
    assert result.report.format == "html"


ODD = ["", "<", "<p", "<p>" * 3000, "</p></p>", "<html>" + "<div>" * 50_000, "\0", "<p '", "a<b>c"]


@pytest.mark.parametrize("source", ODD)
def test_whatever_comes_in(cleaner: Cleaner, source: str) -> None:
    assert clean_html(cleaner, source).text == source


def test_select_rules(tmp_path: Path) -> None:
    rules = tmp_path / "quay.toml"
    rules.write_text(
        'schema = 1\nhosts = ["quay.example"]\n[[rule]]\nid = "box"\nrole = "related"\ncertainty = "certain"\n'
        'why = "A box."\n'
        'select = ["div.finds"]\ndrops = ["<div class=finds>x</div>"]\nkeeps = ["<div class=found>x</div>"]\n'
        '[[rule]]\nid = "stays"\nkeep = true\nselect = [".special"]\n'
        'drops = ["<p class=special>x</p>"]\nkeeps = ["<p>x</p>"]\n',
        encoding="utf-8",
    )
    own = Cleaner(Settings(rules=(rules,)))
    box = '<div class="finds"><p>A rope of eleven metres.</p></div>'
    special = '<div class="finds special"><p>A second rope.</p></div>'
    cleaned = clean_html(own, page(box, special), "https://quay.example/a")
    assert cleaned.text == page("", special)
    assert [r.rules for r in cleaned.report.removals] == [("user/quay/box",)]
    assert clean_html(own, page(box)).text == page(box)


def test_most_of_a_page_is_refused(cleaner: Cleaner) -> None:
    source = "<html><body>" + NOTICE * 30 + "</body></html>"
    cleaned = clean_html(cleaner, source)
    assert cleaned.text == source
    assert "--max-removed" in cleaned.report.refused


def test_ranges_of_elements() -> None:
    source = "<div a='>'><div>x</div><br><!-- </div> --></div><p>y"
    found = tags(source)
    assert [t.name for t in found] == ["div", "div", "div", "br", "div", "p"]
    assert spans(found, [0, 1, 3, 5]) == {0: (0, 48), 1: (11, 23), 3: (23, 27)}
    assert numbered("<p>a<P class=b>", tags("<p>a<P class=b>")) == '<p data-scrubber-n="0">a<P data-scrubber-n="1" class=b>'


def test_command_and_restore(tmp_path: Path) -> None:
    path, report = tmp_path / "page.html", tmp_path / "r.jsonl"
    data = (
        page(SHARE, NOTICE)
        .replace("caught", "gefangen für")
        .replace("<title>", "<meta charset=latin-1><title>")
        .encode("latin-1")
    )
    path.write_bytes(data)
    run = CliRunner().invoke(cli, ["clean", "-i", "--report", str(report), str(path)])
    assert run.exit_code == 0, run.output
    assert b"Facebook" not in path.read_bytes()
    assert "für".encode("latin-1") in path.read_bytes()
    run = CliRunner().invoke(cli, ["restore", "-i", "--report", str(report), str(path)])
    assert run.exit_code == 0, run.output
    assert path.read_bytes() == data


def test_again_until_nothing_goes(cleaner: Cleaner) -> None:
    """An element that could not be cut at first, and one around an earlier cut, end as one list of removals."""
    source = page(f"<footer><p>Share this article</p>{NOTICE}</footer>")
    whole = clean_html(cleaner, source)
    assert not clean_html(cleaner, whole.text).report.changed
    inner = source.index(NOTICE), source.index("</footer>")
    first = Cleaned(source[: inner[0]] + source[inner[1] :], Report(removals=(_removal(source, *inner),)))
    outer = first.text.index("<footer>"), first.text.index("</footer>") + len("</footer>")
    second = Cleaned(first.text[: outer[0]] + first.text[outer[1] :], Report(removals=(_removal(first.text, *outer),)))
    joined = _joined(source, first, second)
    whole_footer = source.index("<footer>"), source.index("</footer>") + len("</footer>")
    assert [(r.start, r.end) for r in joined.report.removals] == [whole_footer]
    assert apply(source, edits_of(joined.report)) == joined.text == second.text


def _removal(text: str, start: int, end: int) -> Removal:
    return Removal(("core/share/words",), "share", "", start, end, 1, 1, text[start:end], start, 9.0)


@pytest.mark.parametrize(("text_format", "goes"), [("auto", True), ("html", True), ("text", False)])
def test_records_hold_pages(cleaner: Cleaner, text_format: str, goes: bool) -> None:
    source = page(NOTICE)
    found = clean_record(cleaner, {"text": source}, "r.jsonl:1", Fields(), Request(text_format))
    assert found.cleaned is not None
    assert (found.cleaned.text == clean_html(cleaner, source).text) is goes
    assert apply(source, edits_of(found.cleaned.report)) == found.cleaned.text
