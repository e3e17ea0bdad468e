"""Parquet: row groups are read and written one by one; columns, schema and metadata stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

from scrubber.containers.block import MOST, Block, Document, Dropped, batches, too_long
from scrubber.errors import ContainerError, needs


class Part(NamedTuple):
    """The row group a block is from, if it is the group's last one."""

    group: Any


class Parquet:
    """A file with a column of texts under ``text``; ``others`` are columns the documents carry along, None for all.

    Dots go down into structs. Raises ``ContainerError`` when the file is damaged or there is no such column.
    """

    def __init__(self, path: str, text: str, others: Sequence[str] | None, most: int = MOST) -> None:
        with needs("Parquet", "corpora"):
            import pyarrow as arrow
            import pyarrow.parquet as parquet
        self.name = path
        self.most = most
        try:
            self.file = parquet.ParquetFile(path)
        except arrow.ArrowInvalid as error:
            raise ContainerError(f"{path}: no Parquet file, or a damaged one: {error}") from error
        self.schema = self.file.schema_arrow
        self.text = self._path(text)
        if not self.text:
            shown = ", ".join(self.schema.names[:12])
            raise ContainerError(f'{path}: no column "{text}" (name one with --text-field; there are: {shown})')
        self.others = None if others is None else [name for name in others if self._path(name)]

    def _path(self, dotted: str) -> list[str]:
        """Return the names that lead to a field; a column that has the dots in its name comes first."""
        if dotted in self.schema.names:
            return [dotted]
        path = dotted.split(".")
        fields: Any = self.schema
        for name in path:
            index = fields.get_field_index(name) if hasattr(fields, "get_field_index") else -1
            if index < 0:
                return []
            fields = fields.field(index).type
        return path

    def blocks(self) -> Iterator[Block]:
        """Yield every row group in blocks; the last one of each holds the group."""
        number = 1
        for index in range(self.file.num_row_groups):
            group = self._group(index)
            waiting: tuple[Document, ...] = ()
            for batch in batches(self._documents(group, number)):
                if waiting:
                    yield Block(waiting, Part(None))
                waiting = batch
            yield Block(waiting, Part(group))
            number += group.num_rows

    def _group(self, index: int) -> Any:
        import pyarrow as arrow

        try:
            return self.file.read_row_group(index)
        except (arrow.ArrowInvalid, OSError) as error:
            raise ContainerError(f"{self.name}: row group {index} is damaged: {error}") from error

    def _documents(self, group: Any, number: int) -> Iterator[Document]:
        texts = _column(group, self.text)
        names = [n for n in group.column_names if [n] != self.text] if self.others is None else self.others
        columns = {name: _column(group, self._path(name)) for name in names}
        for at in range(group.num_rows):
            data = {name: column[at].as_py() for name, column in columns.items()}
            text = texts[at].as_py()
            wrong = too_long(len(text), self.most) if isinstance(text, str) else "the text is missing or no string"
            yield Document(number + at, text if isinstance(text, str) and not wrong else "", data, wrong=wrong)

    def writer(self, handle: BinaryIO) -> ParquetWriter:
        """Return what writes the file anew."""
        return ParquetWriter(handle, self)


class ParquetWriter:
    """Row groups as they were, with the new texts in them."""

    def __init__(self, handle: BinaryIO, source: Parquet) -> None:
        import pyarrow.parquet as parquet

        self.source = source
        self.texts: list[Any] = []
        codecs: Any = {}
        meta = source.file.metadata
        if meta.num_row_groups:
            group = meta.row_group(0)
            chunks = [group.column(i) for i in range(group.num_columns)]
            codecs = {c.path_in_schema: "none" if c.compression == "UNCOMPRESSED" else c.compression for c in chunks}
        self.writer = parquet.ParquetWriter(handle, source.schema, compression=codecs or "zstd")

    def write(self, rest: Part, output: Sequence[Any]) -> None:
        """Take the texts of a block, None for those that stay, and write the row group with its last block."""
        self.texts += output
        if rest.group is None:
            return
        group, texts, self.texts = rest.group, self.texts, []
        if any(text is not None for text in texts):
            group = _with(group, self.source.text, texts)
        if kept := [i for i, text in enumerate(texts) if text is not Dropped]:
            group = group.take(kept) if len(kept) < len(texts) else group
            self.writer.write_table(group, row_group_size=group.num_rows)

    def close(self) -> None:
        """Write the footer."""
        self.writer.close()


def _column(table: Any, path: Sequence[str]) -> Any:
    import pyarrow.compute as compute

    column = table.column(path[0])
    return compute.struct_field(column, path[1:]) if len(path) > 1 else column


def _with(table: Any, path: Sequence[str], texts: Sequence[Any]) -> Any:
    index = table.column_names.index(path[0])
    column = table.column(index).combine_chunks()
    chunks = column.chunks if hasattr(column, "chunks") else [column]
    done, at = [], 0
    for chunk in chunks:
        done.append(_replaced(chunk, path[1:], texts[at : at + len(chunk)]))
        at += len(chunk)
    import pyarrow as arrow

    return table.set_column(index, table.schema.field(index), arrow.chunked_array(done, type=table.schema.field(index).type))


def _replaced(array: Any, path: Sequence[str], texts: Sequence[Any]) -> Any:
    """Return an array with texts put in where they are not None, down the names of ``path``."""
    import pyarrow as arrow

    if not path:
        old = array.to_pylist()
        new = [o if t is None or t is Dropped else t for o, t in zip(old, texts, strict=True)]
        return arrow.array(new, type=array.type)
    names = [array.type.field(i).name for i in range(array.type.num_fields)]
    parts = [array.field(name) for name in names]
    at = names.index(path[0])
    parts[at] = _replaced(parts[at], path[1:], texts)
    fields = [array.type.field(i) for i in range(array.type.num_fields)]
    return arrow.StructArray.from_arrays(parts, fields=fields, mask=array.is_null())
