"""Laws of the normalisers over generated text: fixed point, valid edits, protected ranges, layout."""

import re
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from scrubber.edits import apply, check
from scrubber.model import Settings
from scrubber.normalise import forms, normalise

PIECES = [
    *("a", "b", "Word", "e", "é", "ж", "ש", "م", "क", "्", "ไ", "語", "5", "12", "345", "0"),
    *(" ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", "\r", "\u00a0", "\u202f", "\u2009", "\u2003", "\u3000"),
    *('"', "'", "“", "”", "‘", "’", "„", "«", "»", "!", "?", ":", ";", "%", ".", "...", "…"),
    *("-", "--", "–", "—", "|", "(", ")", "[", "]", "*"),
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u200f", "\u202a", "\u202c"),
    *("\u2066", "\u2069", "\ufe0f", "\U0001f600", "\U0001f3f4", "\U000e0067\U000e0062\U000e0065"),
    *("\U000e007f", "\u0301", "\u0323", "\u212b"),
    *("&", ";", "#", "amp;", "&amp;", "&nbsp;", "&#8217;", "&lt;", "&#38;", "rsquo;"),
    *("Ã", "©", "â", "€", "™", "œ", "`", "`code“ ”`", "https://x.y/“a”--b", "<a b=“c”>"),
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.characters()), max_size=30).map("".join)
SETTINGS = st.builds(
    Settings,
    invisible=st.booleans(),
    nfc=st.booleans(),
    spaces=st.booleans(),
    inner_spaces=st.booleans(),
    tabs=st.sampled_from([0, 0, 4, 8]),
    trailing=st.booleans(),
    blank_lines=st.booleans(),
    quotes=st.sampled_from(["straight", "curly", "keep"]),
    dashes=st.sampled_from(["keep", "hyphen", "unicode"]),
    ellipses=st.sampled_from(["keep", "dots", "character"]),
    entities=st.booleans(),
    mojibake=st.booleans(),
)
LANGS = st.sampled_from(["", "en", "fr"])
PROTECTED = re.compile(r"`[^`\n]*`|https?://[^\s<>\"“”]+")


def protected(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in PROTECTED.finditer(text)]


def nothing(text: str) -> list[tuple[int, int]]:
    return []


@given(TEXTS, SETTINGS, st.booleans(), LANGS)
def test_edits_are_valid_and_reach_a_fixed_point(text: str, settings: Settings, markdown: bool, lang: str) -> None:
    edits = normalise(text, settings, protected, markdown=markdown, lang=lang)
    check(text, edits)
    out = apply(text, edits)
    assert normalise(out, settings, protected, markdown=markdown, lang=lang) == []


@given(TEXTS, st.booleans())
def test_defaults_reach_a_fixed_point(text: str, markdown: bool) -> None:
    edits = normalise(text, Settings(), protected, markdown=markdown)
    check(text, edits)
    assert all(e.start < e.end for e in edits)
    assert normalise(apply(text, edits), Settings(), protected, markdown=markdown) == []


@given(TEXTS, SETTINGS)
def test_every_edit_names_its_normaliser(text: str, settings: Settings) -> None:
    known = {"entities", "mojibake", "invisible", "nfc", "spaces", "trailing", "inner-spaces", "tabs"}
    known |= {"blank-lines", "quotes", "dashes", "ellipses"}
    for edit in normalise(text, settings, protected):
        assert set(edit.cause.split("+")) <= known


def test_deletions_that_meet_keep_their_names() -> None:
    settings = Settings()._replace(spaces=False)
    causes = [e.cause for e in normalise(" \u200b ", settings, nothing)]
    assert set("+".join(causes).split("+")) == {"trailing", "invisible"}


@given(TEXTS, SETTINGS, st.booleans())
def test_a_protected_text_is_untouched_and_asked_once(text: str, settings: Settings, markdown: bool) -> None:
    asked: list[str] = []

    def all_of_it(now: str) -> list[tuple[int, int]]:
        asked.append(now)
        return [(0, len(now))]

    assert normalise(text, settings, all_of_it, markdown=markdown) == []
    assert len(asked) <= 1


@given(TEXTS, TEXTS, SETTINGS)
def test_a_protected_middle_is_untouched(before: str, after: str, settings: Settings) -> None:
    code = "⟦“x”  \u200by &nbsp; e\u0301\u00a0... -- \n\n\n\n z \n⟧"

    def only_code(now: str) -> list[tuple[int, int]]:
        at = now.index(code)
        return [(at, at + len(code))]

    text = before + code + after
    edits = normalise(text, settings, only_code)
    assert code in apply(text, edits)
    assert all(e.end <= len(before) or e.start >= len(before) + len(code) for e in edits)


def test_protected_is_not_asked_about_text_that_stays() -> None:
    def fail(now: str) -> list[tuple[int, int]]:
        raise AssertionError(now)

    assert normalise('Plain text.\n\nIt\'s "fine", naïve.\n', Settings(), fail) == []


SPACE = re.compile(r"[\s\u200b]+")
LAYOUT = st.lists(
    st.sampled_from(["a", "bc.", "d", " ", "  ", "    ", "\t", "\n", "\n\n", "\r\n", "\u00a0", "\u3000"]),
    max_size=40,
).map("".join)
WHITE = Settings()._replace(quotes="keep", entities=False, nfc=False)


@given(LAYOUT, st.booleans(), st.booleans(), st.sampled_from([0, 4]))
def test_white_space_steps_change_white_space_only(text: str, markdown: bool, inner: bool, tabs: int) -> None:
    settings = WHITE._replace(inner_spaces=inner, tabs=tabs)
    out = apply(text, normalise(text, settings, nothing, markdown=markdown))
    assert SPACE.sub("", out) == SPACE.sub("", text)
    assert out.split() == text.split(), "words are neither joined nor cut"


@given(LAYOUT, st.booleans())
def test_lines_that_hold_text_keep_their_ends_and_indentation(text: str, markdown: bool) -> None:
    out = apply(text, normalise(text, WHITE._replace(spaces=False), nothing, markdown=markdown))
    kept = [line for line in text.splitlines(keepends=True) if line.strip()]
    now = [line for line in out.splitlines(keepends=True) if line.strip()]
    assert [indent(x) for x in now] == [indent(x) for x in kept]
    assert [ending(x) for x in now] == [ending(x) for x in kept]


@given(LAYOUT)
def test_no_blank_line_run_and_no_trailing_space_is_left(text: str) -> None:
    out = apply(text, normalise(text, WHITE, nothing))
    assert not re.search(r"[ \t]+(?:[\r\n]|\Z)", out)
    assert not re.search(r"(?:\r?\n){3}", out.strip())


@given(LAYOUT)
def test_paragraphs_stay_paragraphs(text: str) -> None:
    out = apply(text, normalise(text, WHITE, nothing))
    assert paragraphs(out) == paragraphs(text)


@given(LAYOUT)
def test_markdown_hard_breaks_stay_and_none_is_made(text: str) -> None:
    out = apply(text, normalise(text, WHITE, nothing, markdown=True))
    assert breaks(out) == breaks(text)


def test_columns_stay() -> None:
    table = "Name      Born   Died\nAda       1815   1852\nAlan      1912   1954\n\nTotal        2      3\n"
    assert normalise(table, Settings()._replace(inner_spaces=True), nothing) == []


def test_stable_characters_neither_change_nor_join() -> None:
    joining = set()
    for i in range(sys.maxunicode + 1):
        parts = unicodedata.normalize("NFD", chr(i))
        if len(parts) > 1 and unicodedata.is_normalized("NFC", chr(i)):
            joining.update(parts[1:])
    joining |= {chr(c) for c in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for i in range(sys.maxunicode + 1):
        c = chr(i)
        if forms._ALL_STABLE.fullmatch(c):
            assert unicodedata.combining(c) == 0, hex(i)
            assert unicodedata.is_normalized("NFC", c), hex(i)
            assert c not in joining, hex(i)


@given(st.text(max_size=40))
def test_nfc_agrees_with_the_standard(text: str) -> None:
    settings = Settings(invisible=False, spaces=False, trailing=False, blank_lines=False, quotes="keep", entities=False)
    assert apply(text, normalise(text, settings, nothing)) == unicodedata.normalize("NFC", text)


def test_a_long_text_costs_no_more_than_its_length() -> None:
    pieces = [
        "“",
        " \n",
        "\n",
        " ",
        "\t",
        "\u00a0",
        "&amp;",
        "--",
        "—\n",
        "'",
        "\u200b",
        "<a",
        "[",
        "-  ",
        "\r",
    ]
    for piece in pieces:
        text = piece * 20_000
        settings = Settings(quotes="curly", inner_spaces=True, tabs=4, dashes="unicode", ellipses="character")
        for each in (Settings(), settings, settings._replace(dashes="hyphen")):
            out = apply(text, normalise(text, each, nothing, markdown=True))
            assert len(out) <= 4 * len(text)


def indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def paragraphs(text: str) -> list[list[str]]:
    lines = [line.split() for line in re.split(r"\r\n|[\r\n]", text)]
    out: list[list[str]] = [[]]
    for words in lines:
        if words:
            out[-1] += words
        elif out[-1]:
            out.append([])
    return [p for p in out if p]


def breaks(text: str) -> list[str]:
    return re.findall(r"(\S)[ \t\u00a0]*?  +\r?\n[ \t\u00a0]*(?=[^\s])", text)
