"""GitHub annotations: escaped as workflow commands are, the serious ones first to be told apart."""

from __future__ import annotations

from collections.abc import Callable

from scrubber.model import Edit, Report
from scrubber.report.github import Github
from scrubber.report.writers import Told

Maker = Callable[..., Report]


def annotations(*documents: tuple[str, Report]) -> list[str]:
    """The lines written for documents."""
    github = Github()
    written = b"".join(github.add(Told(report, text, dict)) for text, report in documents) + github.close()
    return written.decode().splitlines()


def test_a_removal_is_a_warning_with_its_place(make: Maker) -> None:
    text = "It rained 5%.\n\nGo 5%, now\nTweet\n“x”"
    edits = [Edit(15, 32, "", "core/share/label"), Edit(32, 33, '"', "quotes"), Edit(34, 35, '"', "quotes")]
    shown, rewrites, sums = annotations((text, make(text, edits, name="a,b:c.md", why="50%\nor so")))
    place = "file=a%2Cb%3Ac.md,line=3,endLine=4,title=scrubber%3A core/share/label"
    assert shown == f"::warning {place}::Go 5%25, now Tweet (50%25%0Aor so)"
    assert rewrites == "::notice file=a%2Cb%3Ac.md,line=5,title=scrubber%3A rewrites::2 characters rewritten: quotes 2"
    assert sums.startswith("::notice title=scrubber::removed 2 lines in 1 document")


def test_a_removal_in_one_line_has_columns(make: Maker) -> None:
    text = "It rained. Share it\n"
    (shown, _) = annotations((text, make(text, [Edit(11, 19, "", "core/share/x")])))
    assert shown.startswith("::warning file=a.txt,line=1,endLine=1,col=12,endColumn=20,")


def test_problems_come_first(make: Maker) -> None:
    report = make("Share\n", [Edit(0, 6, "", "core/share/x")])._replace(errors=("too slow",), refused="too much")
    names = [line.split(" ")[0] for line in annotations(("Share\n", report))]
    assert names == ["::error", "::warning", "::warning", "::notice"]


def test_nothing_found_is_said() -> None:
    assert annotations(("x", Report())) == ["::notice title=scrubber::nothing to clean in 1 document"]
