"""Normalisers: rewrites of characters in prose, never removals of words.

Each module holds one concern and works on a text alone; here they are put in order, kept out of
protected ranges and run to a fixed point. What is protected (code, URLs, front matter) is the
caller's to know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from scrubber.edits import apply, compose
from scrubber.errors import SettingsError
from scrubber.model import Edit, Settings
from scrubber.normalise.dashes import dashes_to_ascii, dashes_to_unicode, dots_to_ellipses, ellipses_to_dots
from scrubber.normalise.entities import entities
from scrubber.normalise.forms import nfc
from scrubber.normalise.invisible import invisible
from scrubber.normalise.mojibake import mojibake
from scrubber.normalise.places import outside, rare_characters
from scrubber.normalise.quotes import curl_quotes, straighten_quotes
from scrubber.normalise.spaces import blank_lines, expand_tabs, inner_spaces, plain_spaces, trailing_space

__all__ = ["normalise"]

Ranges = Sequence[tuple[int, int]]
Step = Callable[[str, frozenset[str]], list[Edit]]


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
    steps = _steps(settings, markdown, lang)
    total: list[Edit] = []
    now, rare, ranges = text, rare_characters(text), None
    at = idle = 0
    while idle < len(steps):
        edits = steps[at](now, rare)
        at = (at + 1) % len(steps)
        idle += 1
        if edits:
            ranges = protected(now) if ranges is None else ranges
            edits = outside(edits, ranges)
        if edits:
            total = compose(text, total, edits)
            now = apply(now, edits)
            rare, ranges, idle = rare_characters(now), None, 0
    return total


def _steps(settings: Settings, markdown: bool, lang: str) -> list[Step]:
    """Return the steps that are switched on, in the order they build on each other."""
    steps: list[Step] = []
    if settings.entities:
        steps.append(partial(entities, markdown=markdown))
    if settings.mojibake:
        steps.append(mojibake)
    if settings.invisible:
        steps.append(invisible)
    if settings.nfc:
        steps.append(nfc)
    if settings.spaces:
        steps.append(partial(plain_spaces, markdown=markdown, lang=lang))
    if settings.tabs > 0:
        steps.append(partial(expand_tabs, width=settings.tabs))
    if settings.trailing:
        steps.append(partial(trailing_space, markdown=markdown))
    if settings.inner_spaces:
        steps.append(inner_spaces)
    if settings.blank_lines:
        steps.append(blank_lines)
    steps += _chosen("quotes", settings.quotes, {"straight": straighten_quotes, "curly": curl_quotes})
    to_ascii = partial(dashes_to_ascii, markdown=markdown)
    steps += _chosen("dashes", settings.dashes, {"ascii": to_ascii, "unicode": dashes_to_unicode})
    steps += _chosen("ellipses", settings.ellipses, {"ascii": ellipses_to_dots, "unicode": dots_to_ellipses})
    return steps


def _chosen(name: str, choice: str, steps: dict[str, Step]) -> list[Step]:
    if choice == "keep":
        return []
    if choice not in steps:
        known = ", ".join(["keep", *steps])
        raise SettingsError(f'settings: {name} = "{choice}" is not a choice (use one of {known})')
    return [steps[choice]]
