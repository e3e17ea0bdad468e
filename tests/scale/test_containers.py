"""Every container, cleaned and extracted: what changes, what stays, and what is no whole file."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from scrubber.containers.codecs import unpacked

DIRTY = "The ferry sails again from Monday, with one boat in the morning.\n\nShare.\nExit mobile version\n"
CLEAN = "The ferry sails again from Monday, with one boat in the morning.\n"
PLAIN = "It rained all day in the harbour town, and nobody went out.\n"
PROSE = "The ferry sails again from Monday, with one boat in the morning and another at dusk; nobody minds. "
PAGE = (
    "<html><head><title>Ferry</title></head><body><nav><a href='/'>Home</a> <a href='/b'>Boats</a></nav><article>"
    f"<h1>Ferry</h1>{f'<p>{PROSE * 2}</p>' * 5}</article><footer>All rights kept</footer></body></html>"
)


def records(count: int = 40) -> list[dict[str, Any]]:
    """Two thirds of the texts hold debris; numbers and nested values are there to be kept."""
    return [
        {"id": f"d{i}", "meta": {"url": f"https://quay.example/{i}", "k": 1.50}, "text": DIRTY if i % 3 else PLAIN, "n": i}
        for i in range(count)
    ]


def cleaned(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The texts as they come out."""
    return [CLEAN if row["text"] == DIRTY else row["text"] for row in rows]


def lines(rows: Sequence[dict[str, Any]]) -> bytes:
    """JSON Lines with spaces in odd places, which must stay."""
    return b"".join(json.dumps(row, separators=(", ", " :")).encode() + b"\n" for row in rows)


def jsonl(folder: Path, count: int = 40) -> None:
    """The same lines plain, in two gzip members, and in two zstd frames."""
    import zstandard

    data = lines(records(count))
    half = data.find(b"\n", len(data) // 2) - 7  # in the middle of a record
    (folder / "a.jsonl").write_bytes(data)
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(data[:half]) + gzip.compress(data[half:]))
    pack = zstandard.ZstdCompressor().compress
    (folder / "a.jsonl.zst").write_bytes(pack(data[:half]) + pack(data[half:]))


def table(folder: Path) -> None:
    """CSV and TSV with a quoted header and line ends inside fields."""
    for name, delimiter in (("a.csv", ","), ("a.tsv", "\t")):
        with open(folder / name, "w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle, delimiter=delimiter)
            writer.writerow(["id", "text", "n"])
            writer.writerows([row["id"], row["text"], row["n"]] for row in records())


def parquet(path: Path, nested: bool = False) -> None:
    """Row groups of 16, one column compressed with snappy, metadata of the schema."""
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    rows = records()
    made = [{**row, "doc": {"text": row["text"], "z": row["n"]}} for row in rows] if nested else rows
    found = arrow.Table.from_pylist(made).replace_schema_metadata({b"made": b"by hand"})
    parquet.write_table(found, path, row_group_size=16, compression={"id": "snappy"} if not nested else "zstd")


def members() -> list[tuple[str, bytes]]:
    """Documents, and files that are none."""
    return [
        (f"quay.example/{i}.{end}", data) for i in range(6) for end, data in (("txt", DIRTY.encode()), ("bin", bytes(999)))
    ]


def archives(folder: Path) -> None:
    """The members as tar, tar.gz and zip, with times, modes and a link."""
    for name, mode in (("docs.tar", "w"), ("docs.tar.gz", "w:gz")):
        with tarfile.open(folder / name, mode) as archive:  # type: ignore[call-overload]
            for at, (member, data) in enumerate(members()):
                info = tarfile.TarInfo(member)
                info.size, info.mtime, info.mode = len(data), 1000 + at, 0o640
                archive.addfile(info, io.BytesIO(data))
            link = tarfile.TarInfo("quay.example/link")
            link.type, link.linkname = tarfile.SYMTYPE, "0.txt"
            archive.addfile(link)
    with zipfile.ZipFile(folder / "docs.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.comment = b"kept"
        packed.mkdir("quay.example")
        for member, data in members():
            packed.writestr(member, data)


def warc(path: Path, pages: bool) -> None:
    """WET texts, or responses of a server: a page compressed by it, one in Latin-1, and a picture."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    def response(content_type: str, body: bytes, *more: tuple[str, str]) -> None:
        headers = StatusAndHeaders("200 OK", [("Content-Type", content_type), *more], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                f"https://quay.example/{len(body)}", "response", io.BytesIO(body), http_headers=headers
            )
        )

    with open(path, "wb") as handle:
        writer = WARCWriter(handle, gzip=path.suffix == ".gz")
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "tests"}))
        if pages:
            response("text/html; charset=utf-8", gzip.compress(PAGE.encode()), ("Content-Encoding", "gzip"))
            response("image/png", b"\x89PNG")
            response("text/html;charset=iso-8859-1", PAGE.replace("ferry", "fähre").encode("iso-8859-1"))
            return
        for row in records():
            url, text = row["meta"]["url"], row["text"].encode()
            writer.write_record(
                writer.create_warc_record(url, "conversion", io.BytesIO(text), warc_content_type="text/plain")
            )


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """A folder with all of it."""
    jsonl(tmp_path)
    table(tmp_path)
    parquet(tmp_path / "a.parquet")
    archives(tmp_path)
    warc(tmp_path / "wet.warc.wet.gz", pages=False)
    return tmp_path


INPUTS = ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.tsv", "a.parquet", "docs.tar", "docs.tar.gz", "docs.zip",
          "wet.warc.wet.gz")  # fmt: skip


def content(path: Path) -> bytes:
    with open(path, "rb") as handle:
        return unpacked(handle, str(path)).read()


def test_lines_keep_every_other_byte(corpora: Path, call: Callable[..., Any]) -> None:
    assert call("clean", "a.jsonl*", "-o", "out/", "--url-field", "meta.url").exit_code == 0
    before, after = (corpora / "a.jsonl").read_bytes(), (corpora / "out/a.jsonl").read_bytes()
    old, new = json.dumps(DIRTY), json.dumps(CLEAN)
    assert after == before.replace(old.encode(), new.encode())
    assert content(corpora / "out/a.jsonl.gz") == content(corpora / "out/a.jsonl.zst") == after
    assert (corpora / "out/a.jsonl.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert (corpora / "out/a.jsonl.zst").read_bytes()[:4] == b"\x28\xb5\x2f\xfd"


def test_tables_keep_every_other_byte(corpora: Path, call: Callable[..., Any]) -> None:
    assert call("clean", "a.csv", "a.tsv", "-o", "out").exit_code == 0
    for name in ("a.csv", "a.tsv"):
        assert (corpora / "out" / name).read_bytes() == (corpora / name).read_bytes().replace(DIRTY.encode(), CLEAN.encode())


def test_parquet_keeps_schema_groups_and_the_other_columns(corpora: Path, call: Callable[..., Any]) -> None:
    import pyarrow.parquet as parquet

    assert call("clean", "a.parquet", "-o", "out/", "--url-field", "meta.url").exit_code == 0
    before, after = parquet.ParquetFile(corpora / "a.parquet"), parquet.ParquetFile(corpora / "out/a.parquet")
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    shapes = [[f.metadata.row_group(i).num_rows for i in range(f.num_row_groups)] for f in (before, after)]
    assert shapes == [[16, 16, 8]] * 2
    kept = [[f.metadata.row_group(0).column(i).compression for i in range(5)] for f in (before, after)]
    assert kept[0] == kept[1]
    old, new = before.read(), after.read()
    assert [n for n in old.column_names if not old[n].equals(new[n])] == ["text"]
    assert new["text"].to_pylist() == cleaned(records())


def test_parquet_structs_and_nulls(tmp_path: Path, call: Callable[..., Any]) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    docs = [{"text": DIRTY, "z": 1}, None, {"text": None, "z": 2}, {"text": PLAIN, "z": None}]
    parquet.write_table(arrow.Table.from_pylist([{"doc": doc} for doc in docs]), tmp_path / "n.parquet")
    words = ("clean", "n.parquet", "--text-field", "doc.text")
    found = call(*words, "-o", "out.parquet")
    assert found.exit_code == 2
    assert "n.parquet:2: the text is missing or no string (passed unchanged)" in found.stderr
    rows = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["doc"] for row in rows] == [{"text": CLEAN, "z": 1}, *docs[1:]]
    assert call(*words, "-o", "q.parquet", "--quarantine", "q.jsonl").exit_code == 2
    assert parquet.read_table(tmp_path / "q.parquet").num_rows == 2
    assert [json.loads(line)["line"] for line in (tmp_path / "q.jsonl").read_bytes().splitlines()] == [2, 3]


def test_archives_keep_order_headers_and_other_members(corpora: Path, call: Callable[..., Any]) -> None:
    assert call("clean", "docs.tar", "docs.tar.gz", "docs.zip", "-o", "out/").exit_code == 0
    expected = [(name, CLEAN.encode() if name.endswith(".txt") else data) for name, data in members()]
    for name in ("docs.tar", "docs.tar.gz"):
        with tarfile.open(corpora / "out" / name) as archive:
            infos = archive.getmembers()
            found = [(i.name, archive.extractfile(i).read()) for i in infos if i.isreg()]  # type: ignore[union-attr]
            assert found == expected
            assert [(i.mtime, i.mode) for i in infos[:2]] == [(1000, 0o640), (1001, 0o640)]
            assert (infos[-1].type, infos[-1].linkname) == (tarfile.SYMTYPE, "0.txt")
    with zipfile.ZipFile(corpora / "out/docs.zip") as packed:
        assert packed.testzip() is None
        assert packed.comment == b"kept"
        assert [(n, packed.read(n)) for n in packed.namelist() if not n.endswith("/")] == expected


def test_wet_becomes_lines(corpora: Path, call: Callable[..., Any]) -> None:
    assert call("clean", "wet.warc.wet.gz", "-o", "out/").exit_code == 0
    rows = [json.loads(line) for line in content(corpora / "out/wet.jsonl.gz").splitlines()]
    assert [row["text"] for row in rows] == cleaned(records())
    assert rows[0]["url"] == "https://quay.example/0"
    assert rows[0]["id"].startswith("<urn:uuid:")
    piped = call("clean", "--format", "warc", stdin=(corpora / "wet.warc.wet.gz").read_bytes())
    assert piped.stdout_bytes == content(corpora / "out/wet.jsonl.gz")


@pytest.mark.parametrize("name", INPUTS)
def test_two_processes_write_the_bytes_of_one(corpora: Path, call: Callable[..., Any], name: str) -> None:
    for jobs in ("1", "2"):
        words = ("clean", name, "-o", f"out{jobs}/", "--report", f"r{jobs}/", "-j", jobs)
        assert call(*words).exit_code == 0
    made = next(p for p in (corpora / "out1").iterdir() if p.is_file())
    assert made.read_bytes() == (corpora / "out2" / made.name).read_bytes()
    report = f"{name}.report.jsonl"
    assert (corpora / "r1" / report).read_bytes() == (corpora / "r2" / report).read_bytes()
    assert b'"type":"removal"' in (corpora / "r1" / report).read_bytes()


@pytest.mark.parametrize("name", INPUTS)
def test_half_an_input_gives_no_output(corpora: Path, call: Callable[..., Any], name: str) -> None:
    if name.startswith("a.") and name.endswith(("jsonl", "csv", "tsv")):
        return  # half a text is a text
    data = (corpora / name).read_bytes()
    (corpora / f"half-{name}").write_bytes(data[: len(data) // 2 - 3])
    found = call("clean", f"half-{name}", "-o", "out/")
    assert found.exit_code == 2
    assert f"half-{name}: " in found.stderr
    assert [p.name for p in (corpora / "out").iterdir()] == [".scrubber"]


def test_in_place(corpora: Path, call: Callable[..., Any]) -> None:
    before = {name: (corpora / name).read_bytes() for name in INPUTS}
    names = [name for name in INPUTS if not name.startswith("wet")]
    assert call("clean", *names, "-o", "out/").exit_code == 0
    found = call("clean", "-i", *names)
    assert found.stdout == "".join(f"Fixing {name}\n" for name in names)
    for name in names:
        assert (corpora / name).read_bytes() == (corpora / "out" / name).read_bytes() != before[name]
        kept = (corpora / name).stat().st_ino
        assert call("clean", "-i", name).stdout == ""
        assert (corpora / name).stat().st_ino == kept


def test_first_bytes_know_better_than_the_name(corpora: Path, call: Callable[..., Any]) -> None:
    (corpora / "b.jsonl").write_bytes((corpora / "a.jsonl.zst").read_bytes())
    (corpora / "c.jsonl.gz").write_bytes((corpora / "a.jsonl").read_bytes())
    assert call("clean", "a.jsonl", "b.jsonl", "c.jsonl.gz", "-o", "out/").exit_code == 0
    assert content(corpora / "out/b.jsonl") == content(corpora / "out/c.jsonl.gz") == content(corpora / "out/a.jsonl")
    assert (corpora / "out/b.jsonl").read_bytes()[:4] == b"\x28\xb5\x2f\xfd"
    assert call("clean", "--format", "jsonl", stdin=(corpora / "a.jsonl.gz").read_bytes()).stdout_bytes == content(
        corpora / "out/a.jsonl"
    )


def test_a_mirror_keeps_its_ways(tmp_path: Path, call: Callable[..., Any]) -> None:
    jsonl(tmp_path)
    folder = tmp_path / "mirror/quay.example/news"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text(DIRTY)
    (folder / "b.html").write_text(PAGE)
    (folder / "c.png").write_bytes(b"\x89PNG")
    (tmp_path / "mirror/a.jsonl").write_bytes((tmp_path / "a.jsonl").read_bytes())
    assert call("clean", "mirror", "-o", "out/").exit_code == 0
    out = tmp_path / "out"
    made = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
    assert made == [".scrubber/done.jsonl", "a.jsonl", "quay.example/news/a.md", "quay.example/news/b.html"]
    assert (out / "quay.example/news/a.md").read_text() == CLEAN
    assert call("extract", "mirror/quay.example", "-o", "pages").exit_code == 0
    assert (tmp_path / "pages/news/b.md").read_text().startswith("# Ferry")


def test_extract_reads_what_a_server_sent(tmp_path: Path, call: Callable[..., Any]) -> None:
    warc(tmp_path / "p.warc.gz", pages=True)
    warc(tmp_path / "q.warc", pages=True)
    assert call("extract", "p.warc.gz", "q.warc", "-o", "out/", "-j", "2", "--report", "r/").exit_code == 0
    for name in ("p.jsonl.gz", "q.jsonl"):
        first, second = (json.loads(line) for line in content(tmp_path / "out" / name).splitlines())
        assert first["text"].count("ferry sails") == 10
        assert second["text"].count("fähre sails") == 10
        assert list(first) == ["id", "url", "date", "text", "title", "site", "confidence"]
    assert b"structure/main-content" in (tmp_path / "r/q.warc.report.jsonl").read_bytes()


@pytest.mark.parametrize("name", ["p.jsonl", "p.csv", "p.parquet", "p.tar", "p.zip"])
def test_extract_makes_lines_of_every_container(tmp_path: Path, call: Callable[..., Any], name: str) -> None:
    rows = [{"id": f"quay.example/{i}.html", "html": PAGE} for i in range(3)]
    (tmp_path / "p.jsonl").write_bytes(lines(rows))
    with open(tmp_path / "p.csv", "w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([["id", "html"], *([r["id"], r["html"]] for r in rows)])
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "p.parquet")
    with tarfile.open(tmp_path / "p.tar", "w") as archive, zipfile.ZipFile(tmp_path / "p.zip", "w") as packed:
        for row in rows:
            info = tarfile.TarInfo(row["id"])
            info.size = len(PAGE)
            archive.addfile(info, io.BytesIO(PAGE.encode()))
            packed.writestr(row["id"], PAGE)
    assert call("extract", name, "-o", "out/").exit_code == 0
    found = [json.loads(line) for line in (tmp_path / "out/p.jsonl").read_bytes().splitlines()]
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    assert all("html" not in row and "ferry sails" in row["text"] for row in found)
    assert call("extract", name).stdout_bytes == (tmp_path / "out/p.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("clean", "a.parquet"), "parquet cannot be written to a pipe"),
        (("clean", "--format", "zip", "-"), "zip cannot be read from a pipe"),
        (("clean", "wet.warc.wet.gz", "-i"), "a WARC becomes JSON Lines"),
        (("clean", "a.csv", "--text-field", "body", "-o", "o/"), 'a.csv: no column "body"'),
        (("clean", "a.parquet", "--text-field", "doc.text", "-o", "o/"), 'a.parquet: no column "doc.text"'),
        (("clean", "a.parquet", "--text-field", "n", "-o", "o/"), "a.parquet:1: the text is missing or no string"),
        (("clean", "a.jsonl", "-o", "."), "would be written over itself"),
        (("clean", "a.jsonl", "-o", "o.jsonl", "--resume"), "--resume is for an output folder"),
        (("clean", "a.jsonl", "--attributes", "x", "a.csv", "-o", "o/"), "in JSON Lines"),
        (("clean", "a.jsonl", "--report", "x.sarif", "-o", "o.jsonl"), "sarif points into files"),
        (("clean", "nosuch*.jsonl", "-o", "o/"), "nosuch*.jsonl: no such file"),
        (("extract", "a.jsonl", "a.csv"), "say -o FOLDER/"),
        (("clean", "-", "--engine", "ray"), "--engine ray: for records, or for an output folder"),
        (("clean", "-", "--resume", "--quarantine", "q"), "--quarantine, --resume: for records"),
    ],
)
def test_what_does_not_go_together(corpora: Path, call: Callable[..., Any], words: tuple[str, ...], message: str) -> None:
    found = call(*words)
    assert found.exit_code == 2
    assert message in found.stderr


@pytest.mark.parametrize("missing", ["pyarrow", "warcio.archiveiterator"])
def test_a_missing_library_is_named(
    corpora: Path, call: Callable[..., Any], missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, missing, None)
    found = call("clean", "a.parquet" if missing == "pyarrow" else "wet.warc.wet.gz", "-o", "out/")
    assert found.exit_code == 2
    assert "pip install 'scrubber[corpora]'" in found.stderr


@pytest.mark.parametrize(
    ("schema", "row", "site"),
    [
        ("c4", {"text": DIRTY, "url": "https://quay.example/"}, "https://quay.example/"),
        ("dolma", {"id": "1", "text": DIRTY, "metadata": {"url": "https://quay.example/"}}, "https://quay.example/"),
        ("datatrove", {"text": DIRTY, "id": "1", "metadata": {"url": "https://quay.example/"}}, "https://quay.example/"),
        ("trafilatura", {"text": DIRTY, "source": "https://quay.example/"}, "https://quay.example/"),
    ],
)
def test_schemas(tmp_path: Path, call: Callable[..., Any], schema: str, row: dict[str, Any], site: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines([row]))
    assert call("clean", "a.jsonl", "--schema", schema, "-o", "b.jsonl", "--report", "r.jsonl").exit_code == 0
    with open(tmp_path / "r.jsonl", "rb") as report:
        assert json.loads(report.readline())["url"] == site
    assert json.loads((tmp_path / "b.jsonl").read_bytes())["text"] == CLEAN
