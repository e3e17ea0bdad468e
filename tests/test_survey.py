"""Surveys: hosts and languages of documents, and the lines that come back and no rule took."""

from __future__ import annotations

import pytest

import scrubber
from scrubber import survey as module
from scrubber.language import Guesser
from scrubber.model import Settings
from scrubber.report.sums import Row
from scrubber.survey import Survey

PROSE = "The ferry sails again from Monday, with one boat in the morning and one at dusk for the people of the island."


@pytest.fixture(scope="module")
def cleaner() -> scrubber.Cleaner:
    return scrubber.Cleaner(Settings())


def surveyed(cleaner: scrubber.Cleaner, *documents: tuple[str, str]) -> Survey:
    """A survey of (url, text)."""
    survey = Survey()
    for url, text in documents:
        survey.add(cleaner, text, cleaner.clean(text, url=url or None).report)
    return survey


def test_documents_are_counted_by_host_and_language(cleaner: scrubber.Cleaner) -> None:
    matter = f"---\nurl: https://c.example/x\n---\n\n{PROSE}\n"
    summary = surveyed(
        cleaner,
        ("https://www.a.example/1", f"{PROSE}\n\nExit mobile version\n"),
        ("https://a.example/2", "Das Boot fährt am Montag wieder und nicht nur für die Leute auf der Insel.\n"),
        ("", matter),
        ("", "Паром снова ходит с понедельника, и это не только для жителей острова.\n"),
    ).summary()
    assert summary.hosts == {"a.example": Row(2, 1, 1, 21), "c.example": Row(1, 0, 0, 0), "": Row(1, 0, 0, 0)}
    assert {language: row.documents for language, row in summary.languages.items()} == {"en": 2, "de": 1, "ru": 1}


def test_lines_that_come_back_are_counted_once_a_document(cleaner: scrubber.Cleaner) -> None:
    page = f"{PROSE}\n\nGazette of {{}} boats\n\nGazette of {{}} boats\n\nExit mobile version\n\n***\n"
    summary = surveyed(
        cleaner,
        *[("https://a.example/", page.format(n, n)) for n in (1, 22, "3,000")],
        ("https://b.example/", page.format(4, 4)),
    ).summary()
    assert summary.lines == {("a.example", "Gazette of {n} boats"): 3}


def test_memory_is_bounded(cleaner: scrubber.Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SLOTS", 4)
    survey = surveyed(cleaner, *[("", f"{word} of boats\n") for word in "abcdefghij" * 2])
    assert len(survey._seen) == 4
    assert set(survey.summary().lines.values()) <= {2}


def test_what_was_taken_adds_up_and_lines_are_still_known(cleaner: scrubber.Cleaner) -> None:
    survey = Survey()
    taken = []
    for _ in range(5):
        survey.add(cleaner, "Gazette of boats\n", cleaner.clean("Gazette of boats\n").report)
        taken.append(survey.take())
    assert [one.documents for one in taken] == [1] * 5
    assert [sum(one.lines.values()) for one in taken] == [0, 2, 1, 1, 1]
    assert survey.take().documents == 0


def test_parts_add_up_to_the_whole(cleaner: scrubber.Cleaner) -> None:
    documents = [(f"https://{i % 3}.example/", f"{PROSE}\n\nExit mobile version\n" if i % 2 else PROSE) for i in range(12)]
    whole = surveyed(cleaner, *documents).summary()
    parts = surveyed(cleaner, *documents[:5]).summary() + surveyed(cleaner, *documents[5:]).summary()
    assert parts == whole


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Die Fähre ist nicht auf der Insel und das ist gut", "de"),
        ("Le bateau est dans le port pour la nuit et ce n'est pas une surprise", "fr"),
        ("フェリーは月曜日から再び運航します", "ja"),
        ("渡輪星期一起恢復服務", "zh"),
        ("Το πλοίο φεύγει", "el"),
        ("xyzzy plugh", ""),
        ("", ""),
    ],
)
def test_the_likeliest_language(cleaner: scrubber.Cleaner, text: str, code: str) -> None:
    guesser: Guesser = cleaner.library.guesser
    assert guesser.best(text) == code
