"""The comments of readers below a page's main content."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from click.testing import CliRunner

from scrubber.cli.main import cli
from scrubber.extract import Extractor
from scrubber.run import ExtractFields, PageOptions, extract_record
from scrubber.structure.comments import marks

PROSE = (
    "The orchard behind the mill was planted in 1911, and eleven of its first forty trees still bear fruit every autumn.",
    "Visitors who come in October may pick what they can carry, as long as they leave the ladders where they found them.",
    "The miller's granddaughter keeps a list of the varieties, some of which nobody else in the valley seems to grow.",
    "Last year the crop was so heavy that two branches broke, and the village pressed nine hundred litres of juice.",
)
FIRST = "My grandfather picked there in the fifties and always spoke of the red ones."
SECOND = "Does anybody know whether the russet survived the frost?"
THIRD = "It did, I saw it in bloom on Sunday."

WORDPRESS = f"""<div id="comments" class="comments-area"><h2 class="comments-title">3 thoughts on the orchard</h2>
<ol class="comment-list"><li class="comment"><article class="comment-body"><footer class="comment-meta"><b class="fn">Ada</b>
<span class="says">says:</span> <time>3 May 2024</time></footer><div class="comment-content"><p>{FIRST}</p></div>
<div class="reply"><a href="#">Reply</a></div></article></li>
<li class="comment"><article class="comment-body"><footer class="comment-meta">Bo</footer><div class="comment-content">
<p>{SECOND}</p></div></article><ol class="children"><li class="comment"><article class="comment-body">
<div class="comment-content"><p>{THIRD}</p><p>Go and look.</p></div></article></li></ol></li></ol>
<div id="respond" class="comment-respond"><h3 id="reply-title">Leave a reply</h3><form>
<p>Your address stays secret.</p></form></div></div>"""

DRUPAL = f"""<section class="comments-wrapper"><h2>Comments</h2><article class="comment">
<div class="comment__meta">Ada, May 2024</div><div class="comment__content"><div class="field--name-comment-body">
<p>{FIRST}</p></div><ul><li class="reply"><a>Reply</a></li></ul></div>
</article><article class="comment"><div class="comment__content"><p>{SECOND}</p></div></article>
<article class="comment"><div class="comment__content"><p>{THIRD}</p><p>Go and look.</p></div></article></section>"""

DISQUS = f"""<div id="disqus_thread"><ul><li><div class="post-message"><p>{FIRST}</p></div></li>
<li><div class="post-message"><p>{SECOND}</p></div></li>
<li><div class="post-message"><p>{THIRD}</p><p>Go and look.</p></div></li></ul></div>"""


def page(comments: str) -> str:
    paragraphs = "".join(f"<p>{p}</p>" for p in PROSE)
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in ("Home", "Mill", "Orchard", "Shop"))
    return (
        f"<html><head><title>The old orchard</title></head><body><nav><ul>{menu}</ul></nav><main><article>"
        "<h1>The old orchard</h1>"
        f'<div class="entry-content">{paragraphs}</div></article>{comments}</main><footer>© The Mill</footer></body></html>'
    )


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize("source", [WORDPRESS, DRUPAL, DISQUS], ids=["wordpress", "drupal", "disqus"])
@pytest.mark.parametrize("to", ["text", "markdown", "html"])
def test_comments_are_found_apart_from_the_text(extractor: Extractor, source: str, to: str) -> None:
    found = extractor.extract(page(source), to=to, comments=True)
    assert found.comments == (FIRST, SECOND, f"{THIRD}\n\nGo and look.")
    assert PROSE[3] in found.text
    assert FIRST not in found.text
    assert pickle.loads(pickle.dumps(found)).comments == found.comments


def test_comments_are_written_only_when_asked_for(extractor: Extractor) -> None:
    assert extractor.extract(page(WORDPRESS)).comments == ()


@pytest.mark.parametrize("without", ["", '<div id="comments" class="comments-area"><h2>No comments yet</h2></div>'])
def test_a_page_without_comments(extractor: Extractor, without: str) -> None:
    assert extractor.extract(page(without), comments=True).comments == ()


def test_words_of_comments_outside_a_section_are_none(extractor: Extractor) -> None:
    assert extractor.extract(page(f'<div class="comment-content"><p>{FIRST}</p></div>'), comments=True).comments == ()


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("markdown", f"\n## Comments\n\n> {FIRST}\n\n> {SECOND}\n\n> {THIRD}\n>\n> Go and look.\n"),
        ("text", f"\nComments\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}\n\nGo and look.\n"),
        ("html", f"<h2>Comments</h2>\n<blockquote><p>{FIRST}</p></blockquote>\n"),
    ],
)
def test_command_writes_them_after_the_text(tmp_path: Path, to: str, expected: str) -> None:
    path = tmp_path / "orchard.html"
    path.write_text(page(WORDPRESS), "utf-8")
    plain = CliRunner().invoke(cli, ["extract", str(path), "--to", to])
    asked = CliRunner().invoke(cli, ["extract", str(path), "--to", to, "--comments"])
    assert asked.exit_code == 0, asked.output
    assert asked.output.startswith(plain.output + expected)


def test_markdown_of_a_comment_is_no_markup(tmp_path: Path) -> None:
    path = tmp_path / "orchard.html"
    path.write_text(page(DISQUS.replace(FIRST, "# not a *heading*, nor `code` with 2 < 3 apples in it")), "utf-8")
    asked = CliRunner().invoke(cli, ["extract", str(path), "--comments"])
    assert "> \\# not a \\*heading\\*, nor \\`code\\` with 2 \\< 3 apples in it\n" in asked.output


def test_json_has_a_list(tmp_path: Path) -> None:
    path = tmp_path / "orchard.html"
    path.write_text(page(WORDPRESS), "utf-8")
    asked = CliRunner().invoke(cli, ["extract", str(path), "--to", "json", "--comments"])
    assert json.loads(asked.output)["comments"][:2] == [FIRST, SECOND]


def test_records_have_a_list(extractor: Extractor) -> None:
    found = extract_record(extractor, {"html": page(WORDPRESS)}, "in:1", ExtractFields(), PageOptions(comments=True))
    assert isinstance(found, tuple)
    row = json.loads(found[0])
    assert row["comments"][0] == FIRST
    assert FIRST not in row["text"]


def test_marks_are_single_words_in_lower_case_and_of_one_kind() -> None:
    for group in marks():
        assert all(word == word.lower() and len(word.split()) == 1 for word in group)
    section, body, beside = marks()
    assert not section & body
    assert not body & beside
