"""``scrubber apply``: clean records from documents and the attributes beside them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from scrubber.attributes import Wanted, apply_attributes
from scrubber.cli.plan import STDIN
from scrubber.containers.codecs import unpacked
from scrubber.files import written
from scrubber.run import Fields


@click.command("apply")
@click.argument("documents", type=click.Path(exists=True, allow_dash=True, dir_okay=False, path_type=Path))
@click.argument("attributes", type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the records here.")
@click.option(
    "--select",
    multiple=True,
    metavar="NAME",
    help="Which attributes count; * stands for any characters, and the option may be given again. [scrubber__*]",
)
@click.option("--min-score", type=float, default=float("-inf"), metavar="N", help="Leave out spans that scored less.")
@click.option("--text-field", default="text", metavar="NAME", help="Field of a record the spans are in. [text]")
@click.option("--id-field", default="id", metavar="NAME", help="Field that names a record. [id]")
def command(
    documents: Path, attributes: Path, output: Path | None, select: tuple[str, ...], min_score: float,
    text_field: str, id_field: str,
) -> None:  # fmt: skip
    """Write the records of DOCUMENTS with the changes made that ATTRIBUTES asks for.

    ATTRIBUTES is a file with a row for every record, or the folder that holds it under the name of DOCUMENTS.
    Refused if the two do not belong together.

    \b
    scrubber clean --format jsonl docs/a.jsonl --attributes attributes/scrubber > /dev/null
    scrubber apply docs/a.jsonl attributes/scrubber > clean.jsonl
    """
    if attributes.is_dir():
        if documents == STDIN:
            raise click.UsageError("for standard input name the file of attributes, not its folder")
        attributes = attributes / documents.name
        if not attributes.is_file():
            raise click.UsageError(f"{attributes}: no such file (a folder of attributes holds one named like the documents)")
    wanted = Wanted(select, min_score) if select else Wanted(least=min_score)
    name = "<stdin>" if documents == STDIN else str(documents)
    source = sys.stdin.buffer if documents == STDIN else _opened(documents)
    with source, _opened(attributes) as beside, _sink(output) as out:
        fields = Fields(text=text_field, identity=id_field)
        out.writelines(apply_attributes(source, beside, (name, str(attributes)), fields, wanted))
        out.flush()


def _opened(path: Path) -> BinaryIO:
    return unpacked(open(path, "rb"), str(path))


@contextmanager
def _sink(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
    else:
        with written(output) as handle:
            yield handle
