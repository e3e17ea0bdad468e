"""Tar and zip: members that are documents are handed on, the others are copied as they are."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, NamedTuple
from zlib import error as ZlibError

from scrubber.containers.block import MOST, SIZE, Block, Document, Dropped
from scrubber.errors import ContainerError

_SPOOL = 1 << 20
Wanted = Callable[[str], bool]
"""Says by its name whether a member is a document."""


class Member(NamedTuple):
    """A member's header, and its contents unless it is a document of the block's load."""

    info: Any
    copy: Any = None


def _blocks(members: Iterable[tuple[Member, Document | None]]) -> Iterator[Block]:
    rest: list[Member] = []
    load: list[Document] = []
    held = 0
    for member, document in members:
        rest.append(member)
        held += 1024 if document is None else 1024 + len(document.body)
        if document is not None:
            load.append(document)
        if held >= SIZE:
            yield Block(tuple(load), rest)
            rest, load, held = [], [], 0
    if rest:
        yield Block(tuple(load), rest)


class Tar:
    """A tar file that is read once from front to back. A document longer than ``most`` bytes is copied."""

    def __init__(self, stream: BinaryIO, name: str, wanted: Wanted, most: int = MOST) -> None:
        self.stream = stream
        self.name = name
        self.wanted = wanted
        self.most = most

    def blocks(self) -> Iterator[Block]:
        """Yield the members in their order."""
        try:
            with tarfile.open(fileobj=self.stream, mode="r|", errorlevel=2) as archive:
                yield from _blocks(self._members(archive))
        except tarfile.TarError as error:
            raise ContainerError(f"{self.name}: no tar file, or one that is damaged or cut short: {error}") from error

    def _members(self, archive: tarfile.TarFile) -> Iterator[tuple[Member, Document | None]]:
        for number, info in enumerate(archive, 1):
            data = archive.extractfile(info) if info.isreg() else None
            if data is None:
                yield Member(info), None
            elif self.wanted(info.name) and info.size <= self.most:
                yield Member(info), Document(number, data.read(), {"id": info.name})
            else:
                spool = SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 - closed when it has been written
                copyfileobj(data, spool)
                yield Member(info, spool), None

    def writer(self, handle: BinaryIO) -> TarWriter:
        """Return what writes the archive anew."""
        return TarWriter(handle)


class TarWriter:
    """Members with their old headers, but for the sizes of those that changed."""

    def __init__(self, handle: BinaryIO) -> None:
        self.archive = tarfile.open(fileobj=handle, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def write(self, rest: list[Member], output: list[Any]) -> None:
        """Write the members of a block; ``output`` holds the bytes of its documents."""
        documents = iter(output)
        for info, copy in rest:
            if copy is not None:
                copy.seek(0)
                self.archive.addfile(info, copy)
                copy.close()
            elif not info.isreg():
                self.archive.addfile(info)
            elif (data := next(documents)) is not Dropped:
                _add(self.archive, info, data)

    def close(self) -> None:
        """Write the end of the archive."""
        self.archive.close()


def _add(archive: tarfile.TarFile, info: tarfile.TarInfo, data: bytes) -> None:
    from io import BytesIO

    info.size = len(data)
    info.pax_headers = {k: v for k, v in info.pax_headers.items() if k != "size"}
    archive.addfile(info, BytesIO(data))


class Zip:
    """A zip file. A document longer than ``most`` bytes is copied."""

    def __init__(self, path: str, wanted: Wanted, most: int = MOST) -> None:
        self.name = path
        self.wanted = wanted
        self.most = most
        try:
            self.archive = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise ContainerError(f"{path}: no zip file, or one that is cut short: {error}") from error

    def blocks(self) -> Iterator[Block]:
        """Yield the members in their order."""
        try:
            yield from _blocks(self._members())
        except (zipfile.BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
            raise ContainerError(f"{self.name}: damaged or encrypted: {error}") from error

    def _members(self) -> Iterator[tuple[Member, Document | None]]:
        for number, info in enumerate(self.archive.infolist(), 1):
            if self.wanted(info.filename) and info.file_size <= self.most:
                yield Member(info), Document(number, self.archive.read(info), {"id": info.filename})
            else:
                yield Member(info, True), None

    def writer(self, handle: BinaryIO) -> ZipWriter:
        """Return what writes the archive anew."""
        return ZipWriter(handle, self.archive)


class ZipWriter:
    """Members with their old headers, in their old order."""

    def __init__(self, handle: BinaryIO, source: zipfile.ZipFile) -> None:
        self.source = source
        self.archive = zipfile.ZipFile(handle, "w")
        self.archive.comment = source.comment

    def write(self, rest: list[Member], output: list[Any]) -> None:
        """Write the members of a block; ``output`` holds the bytes of its documents."""
        documents = iter(output)
        for info, copy in rest:
            if copy is None:
                data = next(documents)
                if data is not Dropped:
                    self.archive.writestr(info, data)
            elif info.is_dir():
                self.archive.writestr(info, b"")
            else:
                with self.source.open(info) as inside, self.archive.open(_fresh(info), "w") as out:
                    copyfileobj(inside, out, 1 << 20)

    def close(self) -> None:
        """Write the directory of the archive."""
        self.archive.close()


def _fresh(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return a header to write with what a reader sees of the old one."""
    new = zipfile.ZipInfo(info.filename, info.date_time)
    new.compress_type, new.external_attr, new.comment = info.compress_type, info.external_attr, info.comment
    new.create_system, new.file_size = info.create_system, info.file_size
    return new
