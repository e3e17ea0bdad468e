"""The preview: what it says, that it fits, that colour adds only escapes, no text talks to a terminal."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from rich.cells import cell_len
from rich.console import Console

from scrubber.model import Edit, Report
from scrubber.report.preview import visible
from scrubber.report.rich_diff import print_diff

Maker = Callable[..., Report]
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
PROSE = "The trams came back to Lindmere on a Saturday in the rain, and nobody minded at all."


def drawn(source: str, report: Report, width: int = 80, colour: bool = False) -> str:
    """Return what ``print_diff`` writes, without the blanks that end a line."""
    out = io.StringIO()
    system = "standard" if colour else None
    print_diff(Console(file=out, width=width, force_terminal=colour, color_system=system), source, report)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def replaced(text: str, table: dict[str, tuple[str, str]]) -> list[Edit]:
    """Return edits that replace each single character as ``table`` says: its new text and the cause."""
    return [Edit(i, i + 1, *table[c]) for i, c in enumerate(text) if c in table]


QUOTES = {"“": ('"', "quotes"), "”": ('"', "quotes"), "\u00a0": (" ", "spaces"), "\u200b": ("", "invisible")}


def test_removed_lines(make: Maker) -> None:
    text = f"# Trams\n\n{PROSE}\n\nSecond.\n\nShare.\nExit mobile version"
    start = text.index("\n\nShare.")
    edits = [
        Edit(start, start + 8, "", "core/share/label"),
        Edit(start + 8, len(text), "", "core/mobile/exit"),
    ]
    assert drawn(text, make(text, edits, "notes/a.md")) == (
        "── notes/a.md ─────────────────────────────────────────────────────────────────\n"
        "   4 │\n"
        "   5 │ Second.\n"
        "-  6 │\n"
        "-  7 │ Share.\n"
        "-  8 │ Exit mobile version\n"
        "     ╰ 7  core/share/label · share: It is a label.\n"
        "       8  core/mobile/exit · mobile: It is a label.\n"
        "\n"
        "2 lines removed\n\n"
    )


def test_rewrites_in_a_line(make: Maker) -> None:
    text = "one\n“Yes,”\u00a0she said\u200b.\ntwo\n"
    told = drawn(text, make(text, replaced(text, QUOTES)))
    assert '~  2 │ {“→"}Yes,{”→"}{‹U+00A0›→·}she said{-‹U+200B›-}.\n' in told
    assert told.endswith("4 characters rewritten (quotes 2, invisible 1, spaces 1)\n\n")
    assert "one" not in told  # the line is its own context


def test_part_of_a_line(make: Maker) -> None:
    text = f"{PROSE} Share Tweet\nnext\n"
    told = drawn(text, make(text, [Edit(len(PROSE), len(PROSE) + 12, "", "core/share/glued")]), 110)
    assert f"~  1 │ {PROSE}{{- Share Tweet-}}\n     ╰ core/share/glued · share: It is a label.\n" in told
    assert "1 part of a line removed" in told


def test_a_removal_that_begins_at_a_lines_end_is_not_explained_there(make: Maker) -> None:
    source = "He said “no”.\n\nShare\n"
    quotes = [Edit(8, 9, '"', "quotes"), Edit(11, 12, '"', "quotes")]
    told = drawn(source, make(source, [*quotes, Edit(13, 20, "", "core/share/x")]))
    assert told.count("core/share/x") == 1
    assert told.index("Share\n") < told.index("core/share/x")


def test_many_rewrites_do_not_drown_removals(make: Maker) -> None:
    text = "".join(f"{i} “word”.\n\n" for i in range(42)) + "Share\n" + "It\u00a0rained.\n"
    start = text.index("Share")
    edits = sorted([*replaced(text, QUOTES), Edit(start, start + 6, "", "core/share/label")])
    told = drawn(text, make(text, edits))
    assert told.count("~ ") == 6  # five lines of quotes, and the first one with spaces
    assert "… and 37 more lines with quotes rewritten (use --patch to see all)\n" in told
    assert "- 85 │ Share\n" in told
    assert "~ 86 │ It{‹U+00A0›→·}rained.\n" in told


def test_long_lines_are_cut_to_their_changes(make: Maker) -> None:
    text = f"{PROSE} “Yes” {PROSE}\n"
    told = drawn(text, make(text, replaced(text, QUOTES)))
    assert re.search(r"^~  1 │ … .*nobody minded at all\. \{“→\"\}Yes\{”→\"\} The trams .* …$", told, re.M)
    crowded = "“a” " + "filling words between “b” " * 20
    told = drawn(crowded, make(crowded, replaced(crowded, QUOTES)), 60)
    assert re.search(r"^~  1 │ \{“→\"\}a\{”→\"\} .* … \+\d+ more$", told, re.M)


def test_removed_long_lines_wrap(make: Maker) -> None:
    text = f"{PROSE} {PROSE}\nnext\n"
    told = drawn(text, make(text, [Edit(0, text.index("next"), "", "core/x/y")]), 60)
    assert told.count(" │ ") == 5
    assert "nobody minded at all." in told
    huge = f"{PROSE} " * 40 + "\n"
    told = drawn(huge, make(huge, [Edit(0, len(huge), "", "core/x/y")]), 60)
    assert re.search(r"│ … [\d,]+ more characters\n     ╰", told)


def test_a_section_is_explained_once(make: Maker) -> None:
    rows = ["Related\n\n", "- One\n", "- Two\n"]
    text = PROSE + "\n\n" + "".join(rows) + "Share\n"
    edits, at = [], len(PROSE) + 2
    for row in [*rows, "Share\n"]:
        edits.append(Edit(at, at + len(row), "", "core/share/x" if row == "Share\n" else "core/related/x"))
        at += len(row)
    told = drawn(text, make(text, edits))
    assert told.count("core/related/x") == 1
    assert "╰ 3-6  core/related/x · related: It is a label.\n       7    core/share/x" in told


def test_line_ends_are_not_drawn(make: Maker) -> None:
    text = "one\r\nShare\r\n\r\ntwo\r\nthree"
    told = drawn(text, make(text, [Edit(5, 14, "", "core/share/x")]))
    assert "\r" not in told
    assert "‹" not in told
    assert "-  2 │ Share\n-  3 │\n" in told
    told = drawn(text, make(text, [Edit(12, 14, "\n", "spaces")]))
    assert "~  3 │ {-‹U+000D›-}\n" in told


def test_blank_lines_that_go_alone(make: Maker) -> None:
    text = "one\n\n\n\ntwo\n"
    told = drawn(text, make(text, [Edit(5, 7, "", "blank-lines")]))
    assert "-  3 │\n-  4 │\n" in told
    assert "2 characters rewritten (blank-lines 2)" in told


def test_composed_characters_can_be_told_apart(make: Maker) -> None:
    text = "cafe\u0301\n"
    assert "caf{e‹U+0301›→é}" in drawn(text, make(text, [Edit(3, 5, "é", "nfc")]))


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b2J", "\x07", "\u202e", "\u2028", "\x08", "\udcff", "\ufeff"])
def test_a_text_cannot_talk_to_the_terminal(make: Maker, hostile: str) -> None:
    text = f"{hostile}one\n{hostile}two\nShare{hostile}\n“{hostile}”\n"
    start = text.index("Share")
    edits = sorted([*replaced(text, QUOTES), Edit(start, text.index("“"), "", "core/share/x")])
    told = drawn(text, make(text, edits, why=f"why{hostile}", name=f"a{hostile}.txt"))
    assert hostile not in told
    assert f"‹U+{ord(hostile[0]):04X}›" in told


def test_markup_is_text(make: Maker) -> None:
    text = "[bold red]one[/] :smile:\nShare [link=x]\n"
    told = drawn(text, make(text, [Edit(25, len(text), "", "core/share/x")], name="[b].txt"))
    assert "[bold red]one[/] :smile:" in told
    assert "Share [link=x]" in told
    assert "── [b].txt ─" in told


def test_nothing_to_say(make: Maker) -> None:
    assert drawn("one\n", make("one\n", [])) == ""


@pytest.mark.parametrize("width", [30, 57, 80, 200])
def test_colour_and_width(make: Maker, width: int) -> None:
    """Any text with any edits: it is drawn, it fits, and colour adds nothing but escapes."""
    dice = random.Random(width)
    words = [
        "“word”",
        "Share",
        "漢字漢字",
        "\n",
        "\n\n",
        "\r\n",
        "\tx",
        "  ",
        "\u00a0",
        "e\u0301",
        "👩‍🚀",
        "supercalifragilistic",
    ]
    for _ in range(60):
        text = " ".join(dice.choices(words, k=dice.randint(1, 80)))
        at = sorted(dice.sample(range(len(text) + 1), min(2 * dice.randint(1, 8), len(text) // 2 * 2)))
        edits = [
            Edit(
                a,
                b,
                *dice.choice([("", "core/share/x"), ("", "core/ads/y"), ("'", "quotes"), ("\n", "blank-lines")]),
            )
            for a, b in zip(at[::2], at[1::2], strict=True)
        ]
        report = make(text, edits)
        plain, coloured = drawn(text, report, width), drawn(text, report, width, colour=True)
        assert [row.rstrip() for row in ESCAPE.sub("", coloured).split("\n")] == plain.split("\n")
        assert ESCAPE.search(coloured)
        assert all(cell_len(row) <= width for row in plain.split("\n") if "│" in row), plain


def test_visible() -> None:
    assert visible("naïve – “text” 漢字") == "naïve – “text” 漢字"
    assert visible("a\tb") == "a    b"
    assert visible("क्\u200dष") == "क्\u200dष"
    assert visible("क्\u200dष", spaces=True) == "क्‹U+200D›ष"


def test_rich_is_not_imported_for_other_views() -> None:
    views = ("jsonl", "patch", "summary", "colour", "preview", "rich_diff")
    names = ", ".join(f"scrubber.report.{view}" for view in views)
    code = f"import sys, {names}; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
