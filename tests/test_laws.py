"""The laws that hold for every text: stability, order, reversal, nothing for nothing, sorted edits."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber.cleaner import Cleaner
from scrubber.edits import apply, check, edits_of
from scrubber.engine import Decision, Engine
from scrubber.model import Edit, Report, Settings
from scrubber.packs.compile import compile_packs
from scrubber.packs.find import pack_files
from scrubber.selection import Selection
from scrubber.verdict import Verdict

ROOT = Path(__file__).resolve().parent.parent
PROSE = [
    "The harbour board met on Tuesday to decide whether the old ferry should run again in the spring.",
    "“We never thought it would take nine years,” she said, and laughed; nobody at the table disagreed with her.",
    "In the end the council bought the boat for one crown, which is what the scrap dealer had offered as well.",
    "The engine had been under water for two winters and it took a retired fitter most of a year to free it.",
]
DEBRIS = [
    "Share.", "Exit mobile version", "Share this:", "Facebook", "Twitter", "WhatsApp", "Advertisement",
    "Story continues below advertisement", "Like Loading...", "Leave a Reply", "Home", "Menu", "Related Articles",
    "Sign up for our newsletter", "12 Comments", "Skip to content", "© 2024 Example. All rights reserved.",
    "We use cookies to improve your experience. By continuing you accept our use of cookies.",
    "Your email address will not be published. Required fields are marked *", "Read more", "Subscribe",
]  # fmt: skip
OTHER = [
    "", "", "", "  ", "# The ferry", "Who pays?", "- a bell\u00a0and a rope", "> Share", "```", "    Share", "| a | b |",
    "---", "***", "1. Click Share", "Share\u200b", "&nbsp;", "Tom &amp; Jerry", "caf\u0065\u0301", "two  spaces",
    "a line that ends in a hard break  ", "Facebook Twitter", "x", "‘Home’", "\u00a0", "[Home](/)", "* [", "Menu](/m)",
]  # fmt: skip
LINES = st.lists(st.sampled_from(PROSE + DEBRIS + DEBRIS + OTHER), min_size=0, max_size=24)
ENDS = st.sampled_from(["\n", "\r\n"])
TEXTS = st.builds(lambda lines, end, last: end.join(lines) + (end if last else ""), LINES, ENDS, st.booleans())
COMMON = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@cache
def cleaner(level: str = "standard") -> Cleaner:
    """A cleaner without the cap, so that every text is really cleaned."""
    from scrubber.model import Level

    return Cleaner(Settings(level=Level(level), max_removed=1.0))


@COMMON
@given(TEXTS, st.sampled_from(["text", "markdown"]), st.sampled_from(["strict", "standard", "aggressive"]))
def test_second_run_changes_nothing(text: str, text_format: str, level: str) -> None:
    once = cleaner(level).clean(text, text_format=text_format).text
    assert cleaner(level).clean(once, text_format=text_format).text == once


@COMMON
@given(TEXTS, st.sampled_from(["text", "markdown"]))
def test_edits_are_sorted_disjoint_and_add_up(text: str, text_format: str) -> None:
    cleaned = cleaner().clean(text, text_format=text_format)
    edits = edits_of(cleaned.report)
    check(text, edits)
    assert apply(text, edits) == cleaned.text
    assert len(text) - len(cleaned.text) == sum(e.end - e.start - len(e.new) for e in edits)
    for removal in cleaned.report.removals:
        assert text[removal.start : removal.end] == removal.text
        lead = len(removal.text) - len(removal.text.lstrip())
        assert removal.line == text.count("\n", 0, removal.start + lead) + 1
    if not edits:
        assert cleaned.text is text


def undone(output: str, report: Report) -> str:
    """The source of ``output``, from nothing but the report."""
    back = [Edit(r.out, r.out, r.text, "") for r in report.removals]
    back += [Edit(r.out, r.out + len(r.new), r.old, "") for r in report.rewrites]
    order = {id(e): n for n, e in enumerate(back)}
    starts = {id(e): s for e, s in zip(back, [r.start for r in (*report.removals, *report.rewrites)], strict=True)}
    back.sort(key=lambda e: (e.start, starts[id(e)], order[id(e)]))
    return apply(output, back)


@COMMON
@given(TEXTS, st.sampled_from(["text", "markdown"]))
def test_the_report_gives_the_source_back(text: str, text_format: str) -> None:
    cleaned = cleaner().clean(text, text_format=text_format)
    assert undone(cleaned.text, cleaned.report) == text


@COMMON
@given(TEXTS)
def test_prose_is_never_lost(text: str) -> None:
    plain = Cleaner.clean(cleaner(), text, text_format="text").text.replace("“", '"').replace("”", '"')
    for line in PROSE:
        straight = line.replace("“", '"').replace("”", '"')
        assert plain.count(straight) == text.count(line)


@cache
def shuffled() -> Engine:
    """The same packs in another order."""
    files = pack_files()
    random.Random(7).shuffle(files)
    library = compile_packs(files)
    return Engine(library, Verdict(library.weights, Settings().level), Selection())


@COMMON
@given(TEXTS)
def test_order_of_packs_changes_nothing(text: str) -> None:
    from scrubber.formats.text import text_kinds

    first = cleaner().engine.decide(text, text_kinds, base=Decision())
    second = shuffled().decide(text, text_kinds, base=Decision())
    assert [e[:3] for e in first] == [e[:3] for e in second]


@COMMON
@given(TEXTS, st.sampled_from(["strict", "standard", "aggressive"]))
def test_what_is_spared_early_is_spared_by_the_whole_sum(text: str, level: str) -> None:
    from scrubber.formats.text import text_kinds

    quick = cleaner(level).engine.decide(text, text_kinds, base=Decision())
    whole = cleaner(level).engine.decide(text, text_kinds, base=Decision(explain=True))
    assert quick == whole


@pytest.mark.parametrize("path", sorted((ROOT / "fixtures" / "clean").iterdir()), ids=lambda p: p.name)
def test_harmless_documents_come_back_untouched(path: Path) -> None:
    text = path.read_bytes().decode()
    report = cleaner().clean(text, text_format="markdown" if path.suffix == ".md" else "auto").report
    assert [r.text for r in report.removals] + [r.old for r in report.rewrites] == []


def test_a_record_is_cleaned_alike_alone_and_in_company() -> None:
    texts = ["\n".join(PROSE[:2] + DEBRIS[:5]), "\n".join(DEBRIS), "\n".join(PROSE)]
    alone = [cleaner().clean(t).text for t in texts]
    fresh = Cleaner(Settings(max_removed=1.0))
    assert [fresh.clean(t).text for t in reversed(texts)] == list(reversed(alone))
