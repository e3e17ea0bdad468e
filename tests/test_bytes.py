"""Bytes in, the same bytes out: encodings, atomic writes, records."""

from __future__ import annotations

import io
import json
import os
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.containers.jsonl import Record, records, splice
from scrubber.decode import decode, encode
from scrubber.errors import DecodeError, RecordError, SettingsError
from scrubber.files import expand, write_atomic
from scrubber.settings import load


@given(st.binary(max_size=200))
def test_bytes_come_back_or_are_refused(data: bytes) -> None:
    try:
        decoded = decode(data)
    except DecodeError:
        return
    assert encode(decoded.text, decoded) == data


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "cp1252", "shift_jis"])
def test_declared_and_marked_encodings(codec: str) -> None:
    text = "naïve café\r\n" if codec == "cp1252" else "漢字 and text\r\n" if codec == "shift_jis" else "né 漢\n"
    data = text.encode(codec)
    decoded = decode(data, None if codec.startswith("utf") else codec)
    assert decoded.text == text
    assert encode(decoded.text, decoded) == data


@pytest.mark.parametrize("data", [b"a\0b", b"\x89PNG\r\n", b"%PDF-1.4", bytes(range(1, 9)) * 9])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(data)


def test_unknown_encoding_is_named() -> None:
    with pytest.raises(DecodeError, match="utf-9"):
        decode(b"x", "utf-9")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals can be held back on Unix only")
def test_ctrl_c_while_a_file_is_begun_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = tempfile.mkstemp

    def begin_and_interrupt(**where: Any) -> tuple[int, str]:
        begun = begin(**where)
        signal.raise_signal(signal.SIGINT)
        return begun

    monkeypatch.setattr(tempfile, "mkstemp", begin_and_interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "a.txt", b"new")
    assert not list(tmp_path.iterdir())


def test_a_write_keeps_mode_and_link(tmp_path: Path) -> None:
    path, link = tmp_path / "a.txt", tmp_path / "l.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_atomic(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_folders_respect_ignore_files(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("*.txt\n!keep.txt\nbuild/\n")
    (tmp_path / "build").mkdir()
    for name in ("a.md", "b.txt", "keep.txt", "c.py", "build/d.md"):
        (tmp_path / name).write_text("x")
    assert [p.name for p in expand([tmp_path])] == ["a.md", "keep.txt"]
    named = tmp_path / "b.txt"
    assert list(expand([named])) == [named]
    assert list(expand([named], force_exclude=True)) == []


FIELDS = st.dictionaries(
    st.text(max_size=5), st.none() | st.integers() | st.text(max_size=9) | st.lists(st.text(max_size=4), max_size=3)
)


@given(FIELDS, st.text(max_size=20), st.text(max_size=20), st.booleans(), st.booleans())
def test_only_the_text_value_changes(more: dict[str, object], old: str, new: str, ascii_only: bool, nested: bool) -> None:
    data: dict[str, object] = {**more, "meta": {"body": old, "n": 1}} if nested else {**more, "body": old}
    field = "meta.body" if nested else "body"
    if field in more:
        return
    raw = (json.dumps(data, ensure_ascii=ascii_only) + "\n").encode("utf-8", "surrogatepass")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    out = splice(Record(raw, 1, data), field, new)
    wanted = {**more, "meta": {"body": new, "n": 1}} if nested else {**more, "body": new}
    assert json.loads(out) == wanted
    if new == old and (ascii_only or old.isascii() or not raw.isascii()):
        assert out == raw


def test_bad_records_are_named_and_blank_lines_pass() -> None:
    found = list(records(io.BytesIO(b'{"text": "a"}\n\n{"text": \n[1]\n{"text": "b"}'), "x.jsonl"))
    assert [type(f) is Record for f in found] == [True, True, False, False, True]
    assert [str(f).partition(":")[0] for f in found if isinstance(f, RecordError)] == ["x.jsonl", "x.jsonl"]
    assert "x.jsonl:3:" in str(found[2])


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ('quots = "keep"', 'did you mean "quotes"'),
        ('quotes = "round"', "straight, curly, keep"),
        ("nfc = 3", "true"),
    ],
)
def test_settings_that_are_wrong_are_refused(tmp_path: Path, line: str, hint: str) -> None:
    path = tmp_path / "scrubber.toml"
    path.write_text("# settings\n" + line + "\n")
    with pytest.raises(SettingsError, match=hint) as caught:
        load(path)
    assert f"{path}:2:" in str(caught.value)


def test_the_closest_settings_file_wins(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.scrubber]\nquotes = "keep"\n')
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[project]\n")
    assert load(None, inner / "a.md").settings.quotes == "keep"
    (inner / "scrubber.toml").write_text('extend = "../pyproject.toml"\nlevel = "strict"\n')
    from scrubber.settings import _closest

    _closest.cache_clear()
    settings = load(None, inner / "a.md").settings
    assert (settings.quotes, settings.level.value) == ("keep", "strict")
