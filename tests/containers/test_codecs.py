"""Compressed files: members and frames one after another, and what is cut short or damaged."""

from __future__ import annotations

import gzip
import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.containers.codecs import Codec, codec_of_bytes, codec_of_name, packed, unpacked
from scrubber.errors import ContainerError, SettingsError

PACKED = (Codec.GZIP, Codec.ZSTD)
SKIPPED = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.jsonl", Codec.PLAIN),
        ("a.jsonl.gz", Codec.GZIP),
        ("A.TGZ", Codec.GZIP),
        ("a.jsonl.zst", Codec.ZSTD),
        ("a.zstd", Codec.ZSTD),
        ("a.gz.txt", Codec.PLAIN),
    ],
)
def test_names(name: str, codec: Codec) -> None:
    assert codec_of_name(name) == codec


@given(st.lists(st.binary(max_size=200)), st.sampled_from(Codec))
def test_pieces_one_after_another_are_a_file(pieces: list[bytes], codec: Codec) -> None:
    data = b"".join(packed(piece, codec) for piece in pieces)
    if codec != Codec.PLAIN:
        assert codec_of_bytes(data[:4]) == (codec if pieces else Codec.PLAIN)
        assert unpacked(io.BytesIO(data), "x").read() == b"".join(pieces)


@pytest.mark.parametrize("codec", PACKED)
def test_the_same_bytes_every_time(codec: Codec) -> None:
    assert packed(b"ferry " * 1000, codec) == packed(b"ferry " * 1000, codec)


@pytest.mark.parametrize("codec", PACKED)
@pytest.mark.parametrize("cut", [1, 5, 30])
def test_what_is_cut_short_is_no_whole_file(codec: Codec, cut: int) -> None:
    data = packed(b"first\n", codec) + packed(bytes(range(256)) * 9, codec)
    with pytest.raises(ContainerError, match=r"^x: the compressed data ends in the middle"):
        unpacked(io.BytesIO(data[:-cut]), "x").read()


@pytest.mark.parametrize("codec", PACKED)
def test_damage_is_told(codec: Codec) -> None:
    data = bytearray(packed(bytes(range(256)) * 99, codec))
    data[len(data) // 2 : len(data) // 2 + 20] = b"\xa5" * 20
    with pytest.raises(ContainerError, match=r"^x: the compressed data"):
        unpacked(io.BytesIO(bytes(data)), "x").read()
    with pytest.raises(ContainerError, match=r"damaged|ends in the middle"):
        unpacked(io.BytesIO(packed(b"a", codec) + b"no member"), "x").read()


def test_padding_and_skippable_frames() -> None:
    padded = gzip.compress(b"a") + b"\0" * 40_000 + gzip.compress(b"b") + b"\0" * 7
    assert unpacked(io.BytesIO(padded), "x").read() == b"ab"
    frames = SKIPPED + packed(b"a", Codec.ZSTD) + SKIPPED + packed(b"b", Codec.ZSTD)
    assert unpacked(io.BytesIO(frames), "x").read() == b"ab"


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(SettingsError, match=r"zstd needs the package zstandard: pip install 'scrubber\[corpora\]'"):
        packed(b"a", Codec.ZSTD)


def test_gzip_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal", None)
    assert unpacked(io.BytesIO(packed(b"a", Codec.GZIP)), "x").read() == b"a"
