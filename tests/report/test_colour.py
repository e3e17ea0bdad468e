"""The order in which options and environment decide about colour, as a table."""

from __future__ import annotations

import pytest

from scrubber.report.colour import use_colour


class Stream:
    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


TABLE = [
    # choice, at a terminal, environment, colour
    ("auto", True, {}, True),
    ("auto", False, {}, False),
    ("auto", True, {"TERM": "xterm-256color"}, True),
    ("always", False, {}, True),
    ("always", False, {"NO_COLOR": "1", "TERM": "dumb", "CLICOLOR": "0"}, True),
    ("never", True, {}, False),
    ("never", True, {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    ("auto", True, {"NO_COLOR": "1"}, False),
    ("auto", True, {"NO_COLOR": "0"}, False),
    ("auto", True, {"NO_COLOR": ""}, True),
    ("auto", False, {"FORCE_COLOR": "1"}, True),
    ("auto", False, {"FORCE_COLOR": "3"}, True),
    ("auto", False, {"FORCE_COLOR": "0"}, False),
    ("auto", True, {"FORCE_COLOR": "0"}, True),
    ("auto", False, {"FORCE_COLOR": ""}, False),
    ("auto", False, {"CLICOLOR_FORCE": "1"}, True),
    ("auto", False, {"CLICOLOR_FORCE": "0"}, False),
    ("auto", True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ("auto", False, {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    ("auto", False, {"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
    ("auto", True, {"CLICOLOR": "0"}, False),
    ("auto", True, {"CLICOLOR": "1"}, True),
    ("auto", False, {"CLICOLOR": "1"}, False),
    ("auto", False, {"CLICOLOR": "0", "FORCE_COLOR": "1"}, True),
    ("auto", False, {"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, True),
    ("auto", True, {"TERM": "dumb"}, False),
    ("auto", True, {"TERM": "dumb", "CLICOLOR": "1"}, False),
    ("auto", False, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
]


@pytest.mark.parametrize(("choice", "terminal", "env", "wanted"), TABLE)
def test_table(choice: str, terminal: bool, env: dict[str, str], wanted: bool) -> None:
    assert use_colour(choice, Stream(terminal), env) is wanted


def test_no_stream_at_all() -> None:
    assert not use_colour("auto", None, {})
    assert use_colour("auto", None, {"FORCE_COLOR": "1"})
