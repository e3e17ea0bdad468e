"""Days in figures and written out."""

from __future__ import annotations

import pytest

from scrubber.formats.days import iso, written


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Posted on 3rd March 2021 by Jo", "2021-03-03"),
        ("Sept. 4, 2019 · 3 min", "2019-09-04"),
        ("Dienstag, 5. März 2024, 10:15 Uhr", "2024-03-05"),
        ("28 de enero de 2020", "2020-01-28"),
        ("1er août 2023", "2023-08-01"),
        ("Publié le 14 déc. 2022", "2022-12-14"),
        ("12 de outubro de 2018", "2018-10-12"),
        ("9 maggio 2021", "2021-05-09"),
        ("3 mei 2019", "2019-05-03"),
        ("17. kesäkuuta 2020", "2020-06-17"),
        ("5 października 2021", "2021-10-05"),
        ("21. července 2021", "2021-07-21"),
        ("21. června 2021", "2021-06-21"),
        ("2024. augusztus 3.", "2024-08-03"),
        ("14 iunie 2022", "2022-06-14"),
        ("18 Ağustos 2022", "2022-08-18"),
        ("7 мая 2020 г.", "2020-05-07"),
        ("23 листопада 2023", "2023-11-23"),
        ("4 Νοεμβρίου 2022", "2022-11-04"),
        ("12 يناير 2021", "2021-01-12"),
        ("6 בינואר 2021", "2021-01-06"),
        ("15 जनवरी 2024", "2024-01-15"),
        ("2024年3月5日", "2024-03-05"),
        ("2024년 3월 5일", "2024-03-05"),
        ("5 tháng 3, 2024", "2024-03-05"),
        ("17 Agustus 2021", "2021-08-17"),
        ("31.12.2019 14:05", "2019-12-31"),
        ("2019-12-31T10:00:00Z", "2019-12-31"),
        ("32 May 2020", ""),
        ("May 2020", ""),
        ("5 apples 2020", ""),
        ("version 1.2.2020.7", ""),
        ("3/2021", ""),
    ],
)
def test_written(text: str, day: str) -> None:
    assert written(text) == day


@pytest.mark.parametrize(("language", "day"), [("en-US", "2021-03-04"), ("en-GB", "2021-04-03"), ("fr", "2021-04-03")])
def test_figures_follow_the_language(language: str, day: str) -> None:
    assert written("03/04/2021", language) == day


def test_more_than_twelve_is_a_day() -> None:
    assert written("25/04/2021", "en-US") == written("04/25/2021", "de") == "2021-04-25"


@pytest.mark.parametrize(("text", "day"), [("2024/2/9", "2024-02-09"), ("2024-13-01", ""), ("12024-01-01", ""), ("x", "")])
def test_iso(text: str, day: str) -> None:
    assert iso(text) == day
