"""Plain lists: a phrase a line, ``#`` before comments, ``/expression/`` for regular expressions."""

from __future__ import annotations

import re
from pathlib import Path

from scrubber.fold import fold_phrase
from scrubber.holes import HOLE
from scrubber.packs.importers.result import Import, Imported, Line
from scrubber.packs.load import HOLES

_FEW = 2
_LEAST = 3
_FLAGS = re.compile(r"/([a-z]*)\Z")
_WHY = "On a list of phrases."


def import_lines(path: Path) -> Import:
    """Return the rules of a list, for every site. Raises ``OSError``."""
    done = Import(path.name)
    for number, raw in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
        line = raw.strip()
        if line and not line.startswith("#"):
            outcome, reason = _line(line, f"{path.name}:{number}", done)
            done.lines.append(Line(path.name, number, outcome, reason))
    return done


def _line(line: str, at: str, done: Import) -> tuple[str, str]:
    flags = _FLAGS.search(line[1:]) if line.startswith("/") else None
    if flags is not None:
        return _expression(line[1 : flags.start() + 1], flags[1], at, done)
    unknown = set(re.findall(r"\{([^{}]*)\}", line)) - set(HOLES)
    if unknown:
        return "dropped", f"no hole {{{min(unknown)}}}"
    key = fold_phrase(line)
    if not HOLE.sub("", key).strip():
        return "dropped", "no word in it"
    certainty = "weak" if len(key.split()) <= _FEW else "likely"
    done.rules.setdefault("", []).append(Imported("phrases", (line,), at, _WHY, certainty=certainty))
    return "imported", ""


def _expression(pattern: str, flags: str, at: str, done: Import) -> tuple[str, str]:
    if set(flags) - {"i"}:
        return "dropped", "flags other than i"
    folded = re.sub(r"\\.|[^\\]+", lambda m: m[0] if m[0].startswith("\\") else m[0].lower(), pattern)
    folded = folded.removeprefix("^").removesuffix("$")  # rules see whole lines, in lower case
    try:
        re.compile(folded)
    except re.error:
        return "unknown", "not a regular expression"
    needs = max(_literals(folded), key=len, default="")
    if len(needs) < _LEAST:
        return "dropped", "no literal that every match holds"
    done.rules.setdefault("", []).append(Imported("block", (folded,), at, _WHY, needs=(needs,)))
    return "imported", ""


def _literals(pattern: str) -> list[str]:
    """Return the runs of plain characters that every match of ``pattern`` holds."""
    runs = [""]
    for operator, argument in re._parser.parse(pattern):  # type: ignore[attr-defined]
        if str(operator) == "LITERAL":
            runs[-1] += chr(argument)
        else:
            runs.append("")
    return runs
