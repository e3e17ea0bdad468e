"""The JSON Schema of rule files, by which editors complete and check TOML."""

from __future__ import annotations

from typing import Any

from scrubber.model import Certainty
from scrubber.packs.load import HOLES, LEVELS, REPEATED_KEYS, RUN_KEYS, RUN_SWITCHES, WHERE

_YES = {"type": "boolean"}
_STRINGS = {"type": "array", "items": {"type": "string", "minLength": 1}}


def schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12); it names every key of a pack and of a rule."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "scrubber rule file",
        "type": "object",
        "additionalProperties": False,
        "required": ["schema"],
        "properties": {
            "schema": {"const": 1, "description": "The version of this format."},
            "checked": {"description": "The day somebody last saw this debris in the wild, 2026-11-24."},
            "hosts": {**_STRINGS, "description": "Hosts the pack is for, with all below them."},
            "fingerprints": {**_STRINGS, "description": "Literal text that gives the publishing system away."},
            "uses": {**_STRINGS, "description": "Packs to switch on as well."},
            "replaces": {**_STRINGS, "description": "Packs to switch off where this one is on."},
            "rule": {"type": "array", "items": _rule(), "description": "The rules."},
        },
    }


def _rule() -> dict[str, Any]:
    kinds = _kinds()
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["id"],
        "oneOf": [{"required": [kind]} for kind in kinds],
        "properties": {**kinds, **_keys()},
    }


def _kinds() -> dict[str, Any]:
    number = {"type": "number", "minimum": 0}
    return {
        "phrases": {
            "description": f"Whole lines, as one list or by language; holes: {', '.join('{' + h + '}' for h in HOLES)}.",
            "oneOf": [_STRINGS, {"type": "object", "additionalProperties": _STRINGS}],
        },
        "block": {"type": "string", "description": "Regular expression for a whole folded line; wants needs."},
        "span": {"type": "string", "description": "Regular expression for a part of a line; wants needs and at."},
        "from": {**_STRINGS, "description": "Headings that open a section."},
        "run": {
            "type": "object",
            "additionalProperties": False,
            "properties": {key: _YES if key in RUN_SWITCHES else number for key in RUN_KEYS},
            "description": "Many short lines in a row.",
        },
        "links": {**_STRINGS, "description": "Parts of targets; the line is nothing but links to such."},
        "repeated": {
            "type": "object",
            "additionalProperties": False,
            "properties": dict.fromkeys(REPEATED_KEYS, number),
            "description": "The same link on several lines.",
        },
        "select": {**_STRINGS, "description": "Elements of a page that go: CSS, or XPath that starts with /, ( or ./."},
        "content": {**_STRINGS, "description": "Elements that hold a page's main content: CSS or XPath."},
    }


def _keys() -> dict[str, Any]:
    return {
        "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "description": "Named after the debris."},
        "role": {"type": "string", "description": "What the debris is for: share, newsletter, nav, ..."},
        "certainty": {"enum": [c.value for c in Certainty], "description": "How sure the line alone makes you."},
        "why": {"type": "string", "description": "One sentence for whoever reads the report."},
        "langs": {**_STRINGS, "description": "Languages of a rule without phrases.<lang>."},
        "where": {"enum": list(WHERE), "description": "Before or after the prose, or anywhere."},
        "levels": {"type": "array", "items": {"enum": list(LEVELS)}, "description": "Levels the rule is for, if not all."},
        "needs": {**_STRINGS, "description": "Literals, one of which every match contains."},
        "at": {"enum": ["start", "end", "inside"], "description": "Where in its line a span stands."},
        "to": {**_STRINGS, "description": "Phrases that end a section; they stay."},
        "lines": {"type": "integer", "minimum": 1, "description": "How many lines a section may have."},
        "keep": {"type": "boolean", "description": "The rule protects the line instead, and always wins."},
        "drops": {**_STRINGS, "description": "Lines the rule must find."},
        "keeps": {**_STRINGS, "description": "Innocent lines it must not find."},
        "origin": {"type": "string", "description": "Where an imported rule is from, and its licence."},
    }
