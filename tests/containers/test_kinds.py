"""What files hold, and what is made of them is called."""

from __future__ import annotations

import pytest

from scrubber.containers.kinds import Kind, kind_of_bytes, kind_of_name, output_name, suffixes_of


@pytest.mark.parametrize(
    ("name", "kind", "cleaned", "extracted"),
    [
        ("a/b.jsonl", Kind.JSONL, "a/b.jsonl", "a/b.jsonl"),
        ("b.ndjson.gz", Kind.JSONL, "b.ndjson.gz", "b.ndjson.gz"),
        ("c4.00001.json.gz", Kind.JSONL, "c4.00001.json.gz", "c4.00001.json.gz"),
        ("b.CSV", Kind.CSV, "b.CSV", "b.jsonl"),
        ("b.tsv.zst", Kind.CSV, "b.tsv.zst", "b.jsonl.zst"),
        ("b.parquet", Kind.PARQUET, "b.parquet", "b.jsonl"),
        ("CC-1.warc.gz", Kind.WARC, "CC-1.jsonl.gz", "CC-1.jsonl.gz"),
        ("CC-1.warc.wet.gz", Kind.WARC, "CC-1.jsonl.gz", "CC-1.jsonl.gz"),
        ("b.tar", Kind.TAR, "b.tar", "b.jsonl"),
        ("b.tgz", Kind.TAR, "b.tgz", "b.jsonl.gz"),
        ("b.zip", Kind.ZIP, "b.zip", "b.jsonl"),
        ("b.md", Kind.TEXT, "b.md", "b.md"),
        ("x/b.html", Kind.TEXT, "x/b.html", "x/b.txt"),
        ("settings.json", Kind.TEXT, "settings.json", "settings.json"),
    ],
)
def test_names(name: str, kind: Kind, cleaned: str, extracted: str) -> None:
    assert kind_of_name(name) == kind
    assert output_name(name, kind) == cleaned
    assert output_name(name, kind, ".txt") == extracted
    assert kind == Kind.TEXT or name.lower().endswith(suffixes_of((kind,)))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PAR1\x15", Kind.PARQUET),
        (b"PK\x03\x04\x14", Kind.ZIP),
        (b"WARC/1.0\r\n", Kind.WARC),
        (b"a.txt".ljust(257, b"\0") + b"ustar\0", Kind.TAR),
        (b'{"text": ""}', None),
        (b"", None),
    ],
)
def test_first_bytes(head: bytes, kind: Kind | None) -> None:
    assert kind_of_bytes(head) == kind
