"""Which packs are on for a host: its own and those above it, less what they replace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber import Cleaner, Settings
from scrubber.selection import Selection, by_host

PACKS = [
    {"name": "core/share", "hosts": [], "uses": [], "replaces": [], "prints": False},
    {"name": "platforms/press", "hosts": [], "uses": [], "replaces": [], "prints": True},
    {"name": "sites/quay", "hosts": ["quay.example"], "uses": ["platforms/press"], "replaces": [], "prints": False},
    {"name": "sites/any", "hosts": ["quay.*"], "uses": [], "replaces": [], "prints": False},
    {"name": "user/news", "hosts": ["news.quay.example"], "uses": [], "replaces": [], "prints": False},
    {
        "name": "user/shop",
        "hosts": ["shop.quay.example"],
        "uses": [],
        "replaces": ["sites/quay", "sites/any"],
        "prints": False,
    },
]
NEWS = ["news.quay.example", "quay.example", "news.quay.*", "quay.*"]
SHOP = ["shop.quay.example", "quay.example", "shop.quay.*", "quay.*"]


@pytest.mark.parametrize(
    ("hosts", "platforms", "on"),
    [
        ([], [], "core/share"),
        ([], ["platforms/press"], "core/share platforms/press"),
        (["quay.example", "quay.*"], [], "core/share sites/quay platforms/press sites/any"),
        (NEWS, [], "core/share user/news sites/quay platforms/press sites/any"),
        (SHOP, [], "core/share user/shop platforms/press"),
        (["pier.example", "pier.*"], [], "core/share"),
    ],
)
def test_active(hosts: list[str], platforms: list[str], on: str) -> None:
    assert Selection().active(PACKS, frozenset(platforms), hosts) == set(on.split())


def test_the_closest_host_comes_first_and_says_why() -> None:
    assert list(by_host(PACKS, NEWS).items()) == [
        ("user/news", "host news.quay.example"),
        ("sites/quay", "host quay.example"),
        ("sites/any", "host quay.*"),
        ("platforms/press", "used by sites/quay"),
    ]


@pytest.fixture
def pack(tmp_path: Path) -> Callable[[str, str, str], None]:
    """Write a user's pack with one phrase."""

    def write(name: str, head: str, phrase: str) -> None:
        rule = f'[[rule]]\nid = "line"\nrole = "other"\ncertainty = "certain"\nwhy = "A line."\nphrases.en = ["{phrase}"]\n'
        (tmp_path / f"{name}.toml").write_text(f"schema = 1\n{head}\n{rule}")

    return write


TEXT = "The boats of Quay stayed in that day, all of them.\n\nQuayside desk\n\nNewsroom desk\n"


@pytest.mark.parametrize(
    ("more", "left"), [("", []), ('replaces = ["user/quay"]', ["Quayside desk"]), ('replaces = ["user/pier"]', [])]
)
def test_a_pack_for_a_part_of_a_site(
    tmp_path: Path, pack: Callable[[str, str, str], None], more: str, left: list[str]
) -> None:  # fmt: skip
    pack("quay", 'hosts = ["quay.example"]', "Quayside desk")
    pack("news", f'hosts = ["news.quay.example"]\n{more}', "Newsroom desk")
    cleaner = Cleaner(Settings(rules=(tmp_path,)))
    assert cleaner.clean(TEXT, "https://news.quay.example/1").text.split("\n\n")[1:] == [f"{line}\n" for line in left]
    assert cleaner.clean(TEXT, "https://quay.example/1").text.split("\n\n")[1:] == ["Newsroom desk\n"]
    told = dict(cleaner.packs_for("", "https://news.quay.example/1"))
    assert told == {"user/news": "host news.quay.example"} | ({} if left else {"user/quay": "host quay.example"})


def test_a_site_speaks_only_of_its_own_documents_and_hides_nothing_of_others(tmp_path: Path) -> None:
    (tmp_path / "quay.example.toml").write_text(
        'schema = 1\nhosts = ["quay.example"]\n[[rule]]\nid = "words"\nrole = "nav"\ncertainty = "certain"\nwhy = "x"\n'
        'phrases = ["Tide table 12", "3 comments"]\n', encoding="utf-8",
    )  # fmt: skip
    cleaner = Cleaner(Settings(rules=(tmp_path,)))
    text = "It rained all day and nobody came to the quay.\n\nTide table 12\n"
    assert cleaner.clean(text, "https://www.quay.example/a").text == "It rained all day and nobody came to the quay.\n"
    assert cleaner.clean(text, "https://pier.example/a").text == text
    assert cleaner.clean(text).text == text
    _, decision, _ = cleaner.explain("It rained all day.\n\n3 comments\n", "https://pier.example/a")
    assert any(rule.id == "core/comments/count" for judgement in decision.first.values() for rule in judgement.rules)
