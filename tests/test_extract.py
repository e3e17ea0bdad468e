"""``scrubber extract``: main content, metadata, formats, reports and streams."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scrubber.cli.main import cli
from scrubber.edits import apply, check, edits_of
from scrubber.errors import RecordError, SettingsError, needs
from scrubber.extract import Extractor, extract
from scrubber.formats.dom import read
from scrubber.formats.html import decode_html, parse
from scrubber.formats.metadata import metadata
from scrubber.formats.page import Lines
from scrubber.report import jsonl
from scrubber.run import ExtractFields, PageOptions, extract_record

PROSE = [
    "The ferry to the outer islands left an hour late on Tuesday, because a rope had caught in the propeller.",
    "Passengers waited on the quay, drank coffee from paper cups, and watched two divers go down, one after the other.",
    "By noon the rope was out. It was eleven metres long, and nobody knew which boat it had come from.",
    "The harbour master, who has kept a book of such finds since 1988, wrote it down and hung the rope on his wall.",
]
MENU = "".join(
    f"<li class='menu-item'><a href='/{w.lower()}'>{w}</a></li>" for w in ("Home", "News", "Sport", "Culture", "Jobs")
)
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>Rope stops ferry | The Quay</title>
<meta property="og:site_name" content="The Quay"><meta property="article:published_time" content="2026-03-04T08:00:00Z">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
 "headline": "Rope stops ferry", "author": [{{"@type": "Person", "name": "Ida Holm"}}]}}</script></head>
<body><header class="site-header"><nav class="main-nav"><ul class="menu">{MENU}</ul></nav></header>
<div class="cookie-banner"><p>We use cookies. <a href="/privacy">Learn more</a></p></div>
<main><article class="post"><h1 class="entry-title">Rope stops ferry</h1>
<div class="entry-content"><p>{PROSE[0]}</p><p>{PROSE[1]} <a href="/divers">The divers</a> were <em>quick</em>.</p>
<h2>What came up</h2><p>{PROSE[2]}</p>
<pre><code class="language-text">rope:
  11 m</code></pre>
<ul><li>One rope, green and white, of the kind that trawlers use for their nets.</li>
<li>Two mussels that had settled on it and were put back into the water.</li></ul>
<p>{PROSE[3]}</p></div></article></main>
<aside class="sidebar related"><h3>Related</h3><ul><li><a href="/a">Storm shuts bridge</a></li>
<li><a href="/b">New lamps for the pier</a></li></ul></aside>
<footer class="site-footer"><p>© 2026 The Quay. All rights reserved.</p><ul class="menu">{MENU}</ul></footer></body></html>
"""


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def test_article(extractor: Extractor) -> None:
    found = extractor.extract(PAGE)
    assert all(line in found.text for line in PROSE)
    for debris in ("Home", "cookies", "Storm shuts bridge", "All rights reserved"):
        assert debris not in found.text
    assert found.confidence > 0.5


def test_report_accounts_for_everything(extractor: Extractor) -> None:
    found = extractor.extract(PAGE)
    edits = edits_of(found.report)
    check(found.source, edits)
    assert apply(found.source, edits) == found.text
    kept = sum(len(r.text) for r in found.report.removals) + len(found.text)
    assert abs(kept - len(found.source)) <= sum(abs(len(r.old) - len(r.new)) for r in found.report.rewrites)
    menu = next(r for r in found.report.removals if "Sport" in r.text)
    assert menu.rules == ("structure/main-content",)
    assert "% links" in menu.reason
    assert menu.evidence > 0
    assert found.source.split("\n")[menu.line - 1] == "Sport"


def test_metadata(extractor: Extractor) -> None:
    known = extractor.extract(PAGE, url="https://quay.example/rope").metadata
    assert known[:4] == ("Rope stops ferry", "Ida Holm", "2026-03-04", "The Quay")
    assert (known.language, known.url) == ("en", "https://quay.example/rope")


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ("<title>A walk - Some Blog</title><meta property=og:site_name content='Some Blog'>", "title", "A walk"),
        ("<title>Some Blog | A walk</title><meta property=og:site_name content='Some Blog'>", "title", "A walk"),
        ("<meta name=author content='By Ann Lee'>", "author", "Ann Lee"),
        ("<meta name=author content='https://example.org/ann'>", "author", ""),
        ("<meta name=date content='2024/2/9'>", "date", "2024-02-09"),
        ("<meta name=date content='2024-13-01'>", "date", ""),
        ("</head><body><span class=entry-date>Posted on 3rd March 2021</span>", "date", "2021-03-03"),
        ("</head><body><p class=published>Sept. 4, 2019 · 3 min</p>", "date", "2019-09-04"),
        ("</head><body><p class=intro>On May 4, 2019 it rained.</p>", "date", ""),
        ("<script type='application/ld+json'>{broken</script><title>Still here</title>", "title", "Still here"),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "BlogPosting", "author": "Jo"}]}</script>',
            "author",
            "Jo",
        ),
    ],
)
def test_metadata_sources(head: str, field: str, value: str) -> None:
    assert getattr(metadata(read(f"<html><head>{head}</head><body><p>x</p>")), field) == value


def test_markdown(extractor: Extractor) -> None:
    text = extractor.extract(PAGE, url="https://quay.example/rope", to="markdown").text
    assert "## What came up" in text
    assert "[The divers](https://quay.example/divers) were *quick*." in text
    assert "```text\nrope:\n  11 m\n```" in text
    assert "- One rope, green and white" in text
    assert "Sport" not in text
    assert "](http" not in extractor.extract(PAGE, to="markdown", links=False).text


def test_footnotes_tables_and_pictures(extractor: Extractor) -> None:
    table = "<table><tr><th>Boat</th><th>Length</th></tr><tr><td>Ferry</td><td></td></tr></table>"
    more = f'<p>{PROSE[1]}<sup><a href="#fn1">1</a></sup></p><figure><img src="/r.jpg" alt="The rope"></figure>{table}<p>'
    page = PAGE.replace(f"<p>{PROSE[2]}</p>", f"<p>{PROSE[2]}</p>{more}{PROSE[0]}</p>")
    text = extractor.extract(page, "https://quay.example/", to="markdown", images=True)
    assert "other.[^1]" in text.text
    assert "![The rope](https://quay.example/r.jpg)" in text.text
    assert "| Boat | Length |" in text.text
    assert "| Ferry |  |" in text.text
    assert "![" not in extractor.extract(page, to="markdown").text


def test_html(extractor: Extractor) -> None:
    text = extractor.extract(PAGE, to="html").text
    assert "<h2>What came up</h2>" in text
    assert "menu" not in text
    assert parse(text).spots


@pytest.mark.parametrize(
    "html",
    ["", " ", "<", "\0", "<html>", "plain words only", "<p>" * 20000, "<div>" * 100_000 + "deep", "&#0;<b></p></i>", "<!--"],
)
def test_whatever_comes_in(extractor: Extractor, html: str) -> None:
    for to in ("text", "markdown", "html"):
        assert isinstance(extractor.extract(html, to=to).text, str)


@pytest.mark.parametrize("depth", [300, 1500, 2500, 100_000])
@pytest.mark.parametrize("head", ["", "<html><head><title>Rope</title></head><body>", f"<p>{PROSE[2]}</p>"])
def test_depth_loses_no_text(depth: int, head: str) -> None:
    page = parse(head + "<div>" * depth + f"<p>{PROSE[0]}</p>" + "</div>" * depth + f"<p>{PROSE[1]}</p>")
    assert [spot.text for spot in page.spots][-2:] == PROSE[:2]


def test_depth_in_markdown(extractor: Extractor) -> None:
    body = "".join(f"<p>{line}</p>" for line in PROSE)
    assert PROSE[3] in extractor.extract("<div>" * 1500 + body + "</div>" * 1500, to="markdown").text


def test_length_loses_no_text(extractor: Extractor) -> None:
    found = extractor.extract("<p>" + "The ferry left late. " * 600_000)
    assert found.source.count("ferry") == 600_000


def test_no_content_says_so(extractor: Extractor) -> None:
    found = extractor.extract("<html><body><form>Log in <input></form></body></html>")
    assert found.text == ""
    assert found.report.notes == ("no main content found",)


def test_scripted_page_falls_back(extractor: Extractor) -> None:
    body = " ".join(PROSE)
    data = json.dumps({"@type": "NewsArticle", "articleBody": body})
    found = extractor.extract(
        f'<html><head><script type="application/ld+json">{data}</script></head><body><div id="app"></div></body></html>'
    )
    assert found.text == body + "\n"
    assert "JSON-LD" in found.report.notes[0]


def test_data_of_scripts_is_the_last_resort(extractor: Extractor) -> None:
    state = json.dumps(
        {"props": {"html": f"<p>{PROSE[0]} {PROSE[1]}</p>", "label": "Home", "again": f"{PROSE[0]} {PROSE[1]}"}}
    )
    script = f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'
    found = extractor.extract(f'<html><body><div id="app"></div>{script}</body></html>')
    assert found.text == f"{PROSE[0]} {PROSE[1]}\n"
    assert "scripts" in found.report.notes[0]
    assert not extractor.extract("<html><head><meta name=description content='" + PROSE[0] + "'></head></html>").text


@pytest.mark.parametrize(
    ("data", "header", "text"),
    [
        ("<meta charset=latin-1>Größe".encode("latin-1"), None, "Größe"),
        ("<meta charset=latin-1>Größe".encode(), None, "Größe"),
        ("Größe".encode("cp1252"), "cp1252", "Größe"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", None, "café"),
        ("<meta charset=shift_jis>本日は".encode("shift_jis"), None, "本日は"),
        ("<meta charset=nonsense>Größe".encode(), "also-nonsense", "Größe"),
    ],
)
def test_charset(data: bytes, header: str | None, text: str) -> None:
    assert decode_html(data, header).endswith(text)


def test_lines_of_a_page() -> None:
    page = parse("<p>One</p><ul><li>a</li><li>b</li></ul><p>Two</p>")
    lines = Lines.of(page)
    assert lines.text == "One\n\na\nb\n\nTwo\n"
    for gone, left in (([1, 2], "One\n\nTwo\n"), ([2], "One\n\na\n\nTwo\n"), ([0], "a\nb\n\nTwo\n"), ([3], "One\n\na\nb\n"),
                       ([0, 1, 2, 3], "")):  # fmt: skip
        text = lines.text
        for _, (start, end) in reversed(list(lines.without(gone))):
            text = text[:start] + text[end:]
        assert text == left


def test_site_rules(tmp_path: Path) -> None:
    rules = tmp_path / "quay.toml"
    rules.write_text(
        'schema = 1\nhosts = ["quay.example"]\n[[rule]]\nid = "finds"\nrole = "related"\ncertainty = "certain"\n'
        'why = "A list under every article."\nselect = [".entry-content ul"]\n'
        'drops = ["<div class=entry-content><ul><li>x</li></ul></div>"]\nkeeps = ["<ul><li>x</li></ul>"]\n',
        encoding="utf-8",
    )
    from scrubber.model import Settings

    extractor = Extractor(Settings(rules=(rules,)))
    assert "mussels" in extractor.extract(PAGE).text
    found = extractor.extract(PAGE, url="https://www.quay.example/rope")
    assert "mussels" not in found.text
    assert any(r.rules == ("user/quay/finds",) and "mussels" in r.text for r in found.report.removals)
    assert CliRunner().invoke(cli, ["rules", "test", str(rules)]).exit_code == 0


def test_records(extractor: Extractor) -> None:
    row = {"id": 1, "url": "https://quay.example/", "html": PAGE, "n": 7}
    found = extract_record(extractor, row, "in:1", ExtractFields(), PageOptions())
    assert not isinstance(found, RecordError)
    first = json.loads(found[0])
    assert list(first)[:4] == ["id", "url", "n", "text"]
    assert first["title"] == "Rope stops ferry"
    assert PROSE[0] in first["text"]
    assert "html" not in first
    assert isinstance(extract_record(extractor, {"id": 2}, "in:2", ExtractFields(), PageOptions()), RecordError)


def test_command(tmp_path: Path) -> None:
    page, report = tmp_path / "page.html", tmp_path / "report.jsonl"
    page.write_text(PAGE, encoding="utf-8")
    run = CliRunner().invoke(cli, ["extract", str(page), "--report", str(report)])
    assert run.exit_code == 0, run.output
    assert "## What came up" in run.output
    with open(report, "rb") as handle:
        assert [len(e.report.removals) > 5 for e in jsonl.read(handle)] == [True]
    run = CliRunner().invoke(cli, ["extract", str(page), "--to", "json"])
    assert json.loads(run.output)["author"] == "Ida Holm"
    run = CliRunner().invoke(cli, ["extract", str(page), "--diff"])
    assert "structure/main-content" in run.output
    out = tmp_path / "out.jsonl"
    records = json.dumps({"html": PAGE}) + "\n" + json.dumps({"id": "no page"}) + "\n"
    run = CliRunner().invoke(cli, ["extract", "--format", "jsonl", "-o", str(out)], input=records, standalone_mode=False)
    assert run.return_value == 2
    assert 'field "html" is missing' in run.output
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2
    assert not list(tmp_path.glob("*.part"))


def test_missing_extra() -> None:
    told = r"extract needs the package nowhere_at_all: pip install 'scrubber\[extract\]'"
    with pytest.raises(SettingsError, match=told), needs("scrubber extract", "extract"):
        __import__("nowhere_at_all")


def test_function() -> None:
    assert extract(PAGE, to="text").text.startswith(("Rope", "The ferry"))
