"""The values every layer speaks in: blocks, rules, findings, edits, reports and settings.

Nothing here reads, decides or prints. All positions are code points of ``Document.text`` and
all ranges are half-open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import NamedTuple


class Certainty(StrEnum):
    """How sure a rule is that what it matches is debris, before any context is looked at."""

    CERTAIN = "certain"
    LIKELY = "likely"
    FAIR = "fair"
    WEAK = "weak"


UNSURE = frozenset((Certainty.FAIR, Certainty.WEAK))
"""What never goes on its own word."""


class Level(StrEnum):
    """How much evidence the verdict asks for."""

    STRICT = "strict"
    STANDARD = "standard"
    AGGRESSIVE = "aggressive"


class BlockKind(IntEnum):
    """What a block is in its format."""

    PARAGRAPH = 0
    HEADING = 1
    ITEM = 2
    QUOTE = 3
    TABLE = 4
    CODE = 5
    MATTER = 6
    OBJECT = 7


class Block(NamedTuple):
    """One line of running text (or one element), ``text[start:end]`` without its line end."""

    start: int
    end: int
    kind: BlockKind = BlockKind.PARAGRAPH


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``new``; ``cause`` names the rule ids or the normaliser."""

    start: int
    end: int
    new: str
    cause: str


class Source(NamedTuple):
    """Where a rule was written."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Rule:
    """One witness. ``id`` is ``<pack>/<name>``; ``body`` holds the keys of its kind. Treat as read-only.

    ``counts`` and ``titled`` say whether its phrases hold a number ("12 comments") or a title ("Read also: ...").
    ``origin`` says where an imported rule is from, and under which licence.
    """

    __slots__ = (
        "body",
        "certainty",
        "counts",
        "drops",
        "id",
        "keep",
        "keeps",
        "kind",
        "langs",
        "levels",
        "origin",
        "pack",
        "role",
        "source",
        "titled",
        "where",
        "why",
    )  # fmt: skip

    def __init__(
        self,
        id: str,
        kind: str,
        role: str,
        certainty: Certainty,
        why: str,
        body: Mapping[str, object],
        source: Source,
        keep: bool = False,
        langs: tuple[str, ...] = (),
        drops: tuple[str, ...] = (),
        keeps: tuple[str, ...] = (),
        where: str = "anywhere",
        levels: tuple[str, ...] = (),
        counts: bool = False,
        titled: bool = False,
        origin: str = "",
    ) -> None:
        self.id = id
        self.kind = kind
        self.role = role
        self.certainty = certainty
        self.why = why
        self.body = body
        self.source = source
        self.keep = keep
        self.langs = langs
        self.drops = drops
        self.keeps = keeps
        self.where = where
        self.levels = levels
        self.counts = counts
        self.titled = titled
        self.origin = origin
        self.pack = id.rpartition("/")[0]
        """The name of the pack the rule stands in."""

    def __repr__(self) -> str:
        return f"Rule({self.id!r})"


class Pack(NamedTuple):
    """A rule file. ``hosts`` and ``fingerprints`` say for which documents it is on."""

    name: str
    path: Path
    rules: tuple[Rule, ...]
    hosts: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    checked: str = ""


class Finding(NamedTuple):
    """What a rule says: blocks ``first`` to ``last`` (inclusive), or a span inside one block."""

    rule: Rule
    first: int
    last: int
    span: tuple[int, int] | None = None


class Term(NamedTuple):
    """One addend of a verdict, in log-odds."""

    name: str
    weight: float


class Removal(NamedTuple):
    """What was removed: ``source[start:end] == text``. ``out`` is its place in the output."""

    rules: tuple[str, ...]
    role: str
    reason: str
    start: int
    end: int
    line: int
    column: int
    text: str
    out: int
    evidence: float
    terms: tuple[Term, ...] = ()


class Rewrite(NamedTuple):
    """What a normaliser changed: ``source[start:end] == old`` became ``new`` at ``out``."""

    normaliser: str
    start: int
    end: int
    line: int
    column: int
    old: str
    new: str
    out: int


class Report(NamedTuple):
    """Everything that happened to one document. Sorted, disjoint; enough to undo it."""

    name: str = ""
    url: str = ""
    format: str = "text"
    removals: tuple[Removal, ...] = ()
    rewrites: Sequence[Rewrite] = ()
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    refused: str = ""
    characters: int = 0

    @property
    def changed(self) -> bool:
        """Whether the output differs from the input."""
        return bool(self.removals or self.rewrites)


class Settings(NamedTuple):
    """Every choice a user can make about cleaning. Defaults mean: no harm."""

    level: Level = Level.STANDARD
    max_removed: float = 0.9
    invisible: bool = True
    nfc: bool = True
    spaces: bool = True
    inner_spaces: bool = False
    tabs: int = 0
    trailing: bool = True
    blank_lines: bool = True
    quotes: str = "straight"
    dashes: str = "keep"
    ellipses: str = "keep"
    entities: bool = True
    mojibake: bool = False
    rules: tuple[Path, ...] = ()
    disable: tuple[str, ...] = ()
    url: str = ""
    site: str = ""
