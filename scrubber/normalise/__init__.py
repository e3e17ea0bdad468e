"""Normalisers: rewrites of characters in prose, never removals of words.

Each module holds one concern and works on a text alone; here they are put in order, kept out of
protected ranges and run to a fixed point. What is protected (code, URLs, front matter) is the
caller's to know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from operator import itemgetter

from scrubber.edits import apply, compose
from scrubber.errors import SettingsError
from scrubber.model import Edit, Settings
from scrubber.normalise.entities import entities
from scrubber.normalise.forms import nfc
from scrubber.normalise.invisible import invisible
from scrubber.normalise.mojibake import mojibake
from scrubber.normalise.places import outside, rare_characters
from scrubber.normalise.quotes import curl_quotes, straighten_quotes
from scrubber.normalise.spaces import (
    blank_lines,
    expand_tabs,
    inner_spaces,
    markdown_trailing_space,
    plain_spaces,
    trailing_space,
)

__all__ = ["normalise"]

Ranges = Sequence[tuple[int, int]]
Step = Callable[[str, frozenset[str]], list[Edit]]

_START = itemgetter(0)
# No step looks at what these change: quotation marks, space at line ends, all but one blank line.
_FINAL: tuple[Step, ...] = (straighten_quotes, trailing_space, markdown_trailing_space, blank_lines)


def normalise(
    text: str,
    settings: Settings,
    protected: Callable[[str], Ranges],
    *,
    markdown: bool = False,
    lang: str = "",
) -> list[Edit]:
    """Return the edits that normalise ``text``: sorted, disjoint, none touching a protected range.

    ``protected`` is asked only about texts that would change, and gives sorted disjoint ranges.
    Normalising the edited text again gives no edits. ``lang`` is a language tag or empty; an edit
    made by several normalisers has their names joined by ``+`` as its cause.
    """
    groups = _groups(settings, markdown, lang)
    total: list[Edit] = []
    state = _State(text, protected)
    at = idle = 0
    while idle < len(groups):
        made, final = state.make(groups[at])
        at = (at + 1) % len(groups)
        idle = idle + 1 if final and not (made and settings.mojibake) else 0
        if made:
            total = compose(text, total, made)
            if idle < len(groups):
                state = _State(apply(state.text, made), protected)
    return total


class _State:
    """One text on the way, with what steps ask about it looked up once."""

    def __init__(self, text: str, protected: Callable[[str], Ranges]) -> None:
        self.text = text
        self.rare = rare_characters(text)
        self.protected = protected
        self.ranges: Ranges | None = None

    def make(self, group: list[Step]) -> tuple[list[Edit], bool]:
        """Return the edits of a group outside protected ranges, and whether no step need look again.

        None need where only final steps found something and all of that is done.
        """
        found = [(step, edits) for step in group if (edits := step(self.text, self.rare))]
        if not found:
            return [], True
        if self.ranges is None:
            self.ranges = self.protected(self.text)
        made = outside(_together([edits for _, edits in found]), self.ranges)
        done = len(made) == sum(len(edits) for _, edits in found)
        return made, not made or (done and all(step in _FINAL for step, _ in found))


def _together(found: list[list[Edit]]) -> list[Edit]:
    """Return the edits of several steps as one list; of two that overlap one waits a round."""
    if len(found) == 1:
        return found[0]
    out: list[Edit] = []
    end = 0
    for edit in sorted(chain.from_iterable(found), key=_START):
        if edit.start >= end:
            out.append(edit)
            end = edit.end
        elif edit.start == out[-1].start and edit.end > end:
            out[-1] = edit
            end = edit.end
    return out


def _groups(settings: Settings, markdown: bool, lang: str) -> list[list[Step]]:
    """Return the steps that are switched on, in the order they build on each other.

    Steps of one group do not look at what another one of it changes, and run on the same text.
    """
    known: list[tuple[bool, Step]] = [
        (settings.invisible, invisible),
        (settings.nfc, nfc),
        (settings.spaces, partial(plain_spaces, markdown=markdown, lang=lang)),
        (settings.trailing, markdown_trailing_space if markdown else trailing_space),
        (settings.blank_lines, blank_lines),
        (settings.quotes == "straight", straighten_quotes),
    ]
    groups: list[list[Step]] = [
        [partial(entities, markdown=markdown)] if settings.entities else [],
        [mojibake] if settings.mojibake else [],
        [step for on, step in known if on],
        [partial(expand_tabs, width=settings.tabs)] if settings.tabs > 0 else [],
        [inner_spaces] if settings.inner_spaces else [],
        *_choices(settings, markdown),
    ]
    return [group for group in groups if group]


def _choices(settings: Settings, markdown: bool) -> list[list[Step]]:
    """Return the steps of the settings that name one of several ways; ``SettingsError`` for another."""
    if (settings.dashes, settings.ellipses) == ("keep", "keep") and settings.quotes in ("keep", "straight"):
        return []
    from scrubber.normalise.dashes import dashes_to_hyphens, dots_to_ellipses, ellipses_to_dots, hyphens_to_dashes

    to_hyphens = partial(dashes_to_hyphens, markdown=markdown)
    ways: dict[str, dict[str, list[Step]]] = {
        "quotes": {"keep": [], "straight": [], "curly": [curl_quotes]},
        "dashes": {"keep": [], "hyphen": [to_hyphens], "unicode": [hyphens_to_dashes]},
        "ellipses": {"keep": [], "dots": [ellipses_to_dots], "character": [dots_to_ellipses]},
    }
    out: list[list[Step]] = []
    for name, choices in ways.items():
        choice: str = getattr(settings, name)
        if choice not in choices:
            raise SettingsError(f'settings: {name} = "{choice}" is not a choice (use {", ".join(choices)})')
        out.append(choices[choice])
    return out
