"""What a file holds, told by its name or its first bytes; and what a file made of it is called."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from scrubber.containers.codecs import Codec, codec_of_name


class Kind(StrEnum):
    """What a file holds: one document, or records in a container."""

    TEXT = "text"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    WARC = "warc"
    TAR = "tar"
    ZIP = "zip"


SUFFIXES: dict[Kind, tuple[str, ...]] = {
    Kind.JSONL: (".jsonl", ".ndjson"),
    Kind.CSV: (".csv", ".tsv"),
    Kind.PARQUET: (".parquet",),
    Kind.WARC: (".warc", ".wet", ".wat"),
    Kind.TAR: (".tar",),
    Kind.ZIP: (".zip",),
}
_PACKED = (".gz", ".zst", ".zstd")
PAGE_SUFFIXES = (".html", ".htm", ".xhtml")


def bare(name: str) -> str:
    """Return a file's name in small letters without the suffix of a compression.

    >>> bare("Crawl.jsonl.GZ"), bare("pages.tgz")
    ('crawl.jsonl', 'pages.tar')
    """
    low = name.lower()
    if low.endswith(".tgz"):
        return low[:-3] + "tar"
    packed = next((s for s in _PACKED if low.endswith(s)), "")
    return low.removesuffix(packed)


def kind_of_name(name: str) -> Kind:
    """Return what a file's name says it holds; a compressed ``.json`` is lines, as in C4 and Dolma.

    >>> kind_of_name("c4-train.00000.json.gz"), kind_of_name("notes.json")
    (<Kind.JSONL: 'jsonl'>, <Kind.TEXT: 'text'>)
    """
    stem = bare(name)
    if stem.endswith(".json") and stem != name.lower():
        return Kind.JSONL
    return next((kind for kind, suffixes in SUFFIXES.items() if stem.endswith(suffixes)), Kind.TEXT)


def kind_of_bytes(head: bytes) -> Kind | None:
    """Return what the first bytes of a file that is not compressed say, or None: they may be text or lines."""
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    if head.startswith(b"PK\x03\x04"):
        return Kind.ZIP
    if head.startswith(b"WARC/"):
        return Kind.WARC
    return Kind.TAR if head[257:262] == b"ustar" else None


def suffixes_of(kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    """Return every end of a name that files of these kinds have, compressed or not."""
    plain = tuple(s for kind in kinds for s in SUFFIXES.get(kind, ()))
    packed = tuple(s + p for s in plain for p in _PACKED)
    lines = tuple(".json" + p for p in _PACKED) if Kind.JSONL in kinds else ()
    return (*plain, *packed, *lines, *((".tgz",) if Kind.TAR in kinds else ()))


def output_name(name: str, kind: Kind, page_suffix: str = "") -> str:
    """Return what the file made from ``name`` is called: the same, unless it will hold lines or extracted text.

    ``page_suffix`` is that of an extracted document; containers then become JSON Lines.

    >>> output_name("CC-1.warc.wet.gz", Kind.WARC), output_name("a/p.html", Kind.TEXT, ".md")
    ('CC-1.jsonl.gz', 'a/p.md')
    """
    if kind == Kind.JSONL or not (page_suffix or kind == Kind.WARC):
        return name
    path = PurePath(name)
    if kind == Kind.TEXT:
        return str(path.with_suffix(page_suffix) if path.suffix.lower() in PAGE_SUFFIXES else path) if path.name else name
    ends = tuple(s for group in SUFFIXES.values() for s in group)
    stem = path.name[:-4] if path.name.lower().endswith(".tgz") else path.name[: len(bare(path.name))]
    while (end := PurePath(stem).suffix.lower()) in ends:
        stem = stem[: -len(end)]
    codec = codec_of_name(name)
    return str(path.with_name(stem + ".jsonl" + (codec if codec != Codec.PLAIN else "")))
