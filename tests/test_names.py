"""The groups of class and id names."""

from __future__ import annotations

import re

import pytest

from scrubber.structure.names import GROUPS, told

WORDS = (
    "pager post-ad ads header top-of-body col-l column replies replay read-next readnext sign-up signin pagination tags "
    "text-lg sub_text article__body post-content news_detail_text msg-list umsg sr-only read-more more-posts pull-quote "
    "breadcrumb site-top stop stopads w-100 xx markdown-body richtext rich-text bbp-topic cta prevnext hed headed tag-x"
).split()


@pytest.mark.parametrize("word", WORDS)
def test_words_have_the_groups_whose_pattern_they_match(word: str) -> None:
    expected = {name for name, pattern in GROUPS.items() if re.search(pattern, word)}
    assert {name for i, name in enumerate(GROUPS) if told([word])[0][0] >> i & 1} == expected


def test_every_alternative_of_every_pattern_is_found() -> None:
    bits = list(GROUPS)
    for name, pattern in GROUPS.items():
        for part in re.split(r"\|(?![^()]*\))", pattern):
            word = re.sub(r"\(\?:(\w+)\|[^)]*\)", r"\1", part.replace(r"\b", "")).replace("?", "")
            word = word.replace("[lr]", "l").replace("[-_]{0,2}", "-")
            assert told([word])[0][0] >> bits.index(name) & 1, (name, part, word)


def test_names_are_told_together() -> None:
    assert told(["post-12 comments", "", "nav2 post-7"]) == [
        (told(["post-12"])[0][0] | told(["comments"])[0][0], "post-0"), (0, ""),
        (told(["nav3"])[0][0] | told(["post-0"])[0][0], "nav0"),
    ]  # fmt: skip
