"""The compiled loops and the Python they stand in for give the same answers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import scrubber
from scrubber import edits, fold, language, view
from scrubber.formats import text as formats
from scrubber.matchers import scan, sieve
from scrubber.model import Edit
from scrubber.native import native
from scrubber.normalise import places as places_module
from scrubber.normalise import quotes, spaces

pytestmark = pytest.mark.skipif(native is None, reason="the compiled module was not built here")

PIECES = [
    " ", "  ", "\t", "\n", "\r\n", "\r", "\x0b", "\x1c", "\xa0", "\u2009", "\u3000", "\u200b", "\u2028", "…", "“",
    "”", "’", "`", "–", "ß", "İ", "Σ", "ς", "K", "Å", "ẞ", "Ꭰ", "ﬃ", "😀", "𐐀", "\ud800", "é", "É", "Я", "я", "中", "。",
    "٣", "²", "Ⅷ", "*", "**", "_", "__", "[", "]", "![", "](", "](/a_b)", "(", ")", "#", "##", "-", "--", "===", "|",
    "| a | b |", "|---|---|", "1. ", "12) ", "1234. ", "•", "· ", ">", "> ", "```", "~~~",
    "://", "www.", "mailto:", "=", "\":", "x = \"1\"",
    "\"a\": 1", "    ", "Share", "Read more", "posted on", "3 comments", "12:30 pm", "March 3, 2019", "by ",
    "advertisement", "cookies", "a", "word", "WORD", ".", "!", ":",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=60).map("".join)
WORDS = ["share", "this", "read", "more", "may", " ", " ", "\n", "3", "comments", "(1)", "x" * 120]
ENGLISH = st.lists(st.sampled_from(WORDS), max_size=60)


@contextmanager
def pure(*modules: ModuleType) -> Iterator[None]:
    """Leave the compiled module out of ``modules``."""
    for module in modules:
        module.native = None  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in modules:
            module.native = native  # type: ignore[attr-defined]


def both(module: ModuleType, call: Callable[[], Any]) -> tuple[Any, Any]:
    compiled = call()
    with pure(module):
        return compiled, call()


@given(TEXTS)
@example("ΟΔΟΣ İstanbul `a` K")
@example("K`")
def test_texts_fold_alike(text: str) -> None:
    compiled, python = both(fold, lambda: fold.fold_text(text))
    assert compiled == python


def test_every_character_folds_alike() -> None:
    for first in range(0, 0x110000, 0x400):
        text = "".join(f"{chr(c)}x" for c in range(first, first + 0x400))
        for one in (text, text.replace("\ud800", "")):
            compiled, python = both(fold, lambda one=one: fold.fold_text(one))
            assert compiled == python, hex(first)


@given(TEXTS)
@example("*[*a**")
@example("_**_ 1. x")
@example("12. [a ![b")
@example("a" * fold.LONGEST + "\n" + "a" * (fold.LONGEST + 1))
def test_lines_have_the_same_keys(text: str) -> None:
    folded = fold.fold_text(text)
    compiled, python = both(fold, lambda: fold.fold_lines(folded, folded.split("\n")))
    assert compiled == python


@given(TEXTS, st.booleans())
@example("a\n---\n\n    b\n\t c", True)
@example("x\n| a |\nkey = 1\n\n    - a\n    b", True)
def test_lines_are_of_the_same_kind(text: str, markdown: bool) -> None:
    lines = text.split("\n")
    compiled, python = both(formats, lambda: formats._kinds(lines, markdown))
    assert compiled == python
    assert native.blanks(lines) == [not line.strip() for line in lines]
    compiled, python = both(formats, lambda: formats.protected(text, markdown))
    assert compiled == python


@given(TEXTS)
def test_rare_characters_and_space_at_line_ends(text: str) -> None:
    rare, python = both(places_module, lambda: places_module.rare_characters(text))
    assert rare == python
    found, python = both(spaces, lambda: spaces.trailing_space(text, rare))
    assert found == python


@given(TEXTS, st.data())
def test_edits_are_made_alike(text: str, data: st.DataObject) -> None:
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    new = st.sampled_from(["", "x", "“é”", "中😀"])
    made = [Edit(a, b, data.draw(new), "") for a, b in zip(places[::2], places[1::2], strict=False)]
    compiled, python = both(edits, lambda: edits.apply(text, made))
    assert compiled == python
    assert compiled.isascii() == python.isascii()
    rare = places_module.rare_characters(text)
    compiled, python = both(quotes, lambda: quotes.straighten_quotes(text, rare))
    assert compiled == python
    assert all(type(edit) is Edit for edit in compiled)


@given(TEXTS)
@example("## a\n```")
@example("[a]: b\n| a |\n\t | a | b |\n+ [ ] c")
def test_markdown_is_told_alike(text: str) -> None:
    compiled, python = both(formats, lambda: formats.looks_markdown(text))
    assert compiled == python
    assert native.count_marked(text) >= len(formats._MARKS.findall("\n" + text))


@given(TEXTS)
def test_words_are_counted_alike(text: str) -> None:
    for line in text.split("\n"):
        assert native.count_words(line, view.MANY) == view.count_words(line)
    assert native.count_solid(text) == len("".join(text.split()))


@settings(deadline=None)
@given(TEXTS)
def test_known_words_of_a_language(text: str) -> None:
    guesser = scrubber.Cleaner().library.guesser
    sample = fold.fold_text(text)
    compiled, python = both(language, lambda: set(guesser._known(sample)))
    assert compiled == python


def found(scanner: scan.Scanner, text: str) -> Any:
    seen = view.View(text, formats.text_kinds)
    matches = scanner.scan(seen)
    return (
        {line: sorted({rule.id for rule in rules}) for line, rules in matches.lines.items()},
        sorted((line, start, end, rule.id) for line, start, end, rule in matches.spans),
        matches.fingerprints,
    )


@pytest.fixture(scope="module")
def scanners() -> list[tuple[scan.Scanner, scan.Scanner]]:
    """The base table and one of a language, each sifted by the compiled tables and by Python."""
    library = scrubber.Cleaner().library
    pairs = []
    for index in (library.base, library.language("de")):
        quick, slow = scan.Scanner(index), scan.Scanner(index)
        quick.sifter.seen = 1 << 40
        pairs.append((quick, slow))
    return pairs


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(TEXTS, ENGLISH.map("".join)))
def test_rules_know_the_same_lines(scanners: list[tuple[scan.Scanner, scan.Scanner]], text: str) -> None:
    for quick, slow in scanners:
        compiled = found(quick, text)
        with pure(sieve):
            assert found(slow, text) == compiled
        assert quick.sifter.compiled is not None
        assert slow.sifter.compiled is None


def test_every_phrase_and_literal_is_sifted_out(scanners: list[tuple[scan.Scanner, scan.Scanner]]) -> None:
    for quick, slow in scanners:
        keys = [*quick.index.exact, *quick.sifter.literals]
        text = "\n".join(f"{key}\nIn the {key} we saw\n{key.replace('{n}', '1,203')}" for key in keys if "\n" not in key)
        compiled = found(quick, text)
        with pure(sieve):
            assert found(slow, text) == compiled


@given(st.integers(2, 6), st.integers(1, 6), st.integers(0, 70), st.integers(1, 9), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_trees_say_the_same(depth: int, trees: int, rows: int, width: int, seed: int) -> None:
    numpy = pytest.importorskip("numpy")
    from scrubber.structure import forest

    chance = numpy.random.default_rng(seed)
    inner = 2**depth - 1
    grown = forest.Forest.of(
        chance.integers(0, width, (trees, inner)), chance.integers(-3, 4, (trees, inner)),
        chance.normal(size=(trees, inner + 1)),
    )  # fmt: skip
    columns = chance.integers(-4, 5, (width, rows)).astype(numpy.float32)
    compiled, plain = both(forest, lambda: grown.log_odds(columns))
    assert compiled.shape == plain.shape == (rows,)
    assert numpy.abs(compiled - plain).max(initial=0) < 1e-9


@pytest.mark.parametrize(
    ("matrix", "width", "feature", "inner"),
    [(8, 2, 0, 1), (8, 0, 0, 1), (8, 1, 1, 1), (8, 1, -1, 1), (8, 1, 0, 2), (9, 1, 0, 1)],
)
def test_trees_that_do_not_fit_their_rows_are_errors(matrix: int, width: int, feature: int, inner: int) -> None:
    words = feature.to_bytes(2, sys.byteorder, signed=True)
    with pytest.raises(ValueError, match="fit"):
        native.tree_sums(bytes(matrix), width, words * inner, bytes(4 * inner), bytes(4 * inner + 4), inner, bytearray(16))


@pytest.mark.parametrize(
    "call",
    [
        lambda: native.fold_text(b"x"), lambda: native.fold_lines(None), lambda: native.Sieve([1], [], [], [], []),
        lambda: native.Sieve([], [], [], ["a"], []), lambda: native.Sieve([], [], [], [""], [1]),
        lambda: native.Words([b"x"]),
        lambda: native.kinds([b"x"], 0, False, tuple(range(8)), str, str), lambda: native.kinds((), 0, False, (), str, str),
        lambda: native.count_words("a"),
        lambda: native.blanks([1]),
        lambda: native.holds_address(b"x"),
        lambda: native.rare_characters(1),
        lambda: native.trailing_spaces(1),
    ],
)  # fmt: skip
def test_wrong_arguments_are_errors(call: Callable[[], Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        call()


def test_a_question_that_fails_passes_its_error_on() -> None:
    def wrong(line: str) -> bool:
        raise RuntimeError(line)

    with pytest.raises(RuntimeError, match="a = b"):
        native.kinds(["a = b"], 0, False, tuple(range(8)), wrong, wrong)


def test_an_environment_variable_leaves_it_out() -> None:
    code = """if True:
        from scrubber.native import native
        import scrubber
        print(native, scrubber.clean("It rained.\\n\\nExit mobile version").text)
    """
    shown = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "SCRUBBER_PURE": "1"}, capture_output=True, text=True, check=True
    )
    assert shown.stdout == "None It rained.\n"
