"""``scrubber extract``: the main content of a page, or of a stream of pages."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from scrubber.cli.options import fields_of, overrides, record_options, rule_options, scale_options
from scrubber.cli.outlets import report_sink
from scrubber.cli.plan import STDIN, globbed, names_folder, read_input
from scrubber.containers.kinds import PAGE_SUFFIXES, Kind, kind_of_name, suffixes_of
from scrubber.model import Settings
from scrubber.run import ExtractFields, PageOptions, found_bytes, sha256

if TYPE_CHECKING:
    from scrubber.extract import Extracted, Extractor


_DUMPS = (".txt", ".text")
_TAG = re.compile(rb"<(?:!doctype|html|head|body|meta|div|p|article|section|main|table|h[1-6]|ul|a|span|br)\b[^<>]*>", re.I)
_SUFFIX = {"markdown": ".md", "text": ".txt", "html": ".html", "json": ".json"}


@click.command("extract")
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True, path_type=Path))
@click.option(
    "--to",
    type=click.Choice([*_SUFFIX]),
    help="What to write; json is one object with text and metadata. [markdown; text for dumps and records]",
)
@click.option("-o", "--output", type=click.Path(), help="Write the result here; a folder (out/) for many.")
@click.option("--diff", is_flag=True, help="Write no result; show the page's text with what is left out, and why.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Write what was left out, and which witness said so, as JSON Lines. A folder if -o is one.",
)
@click.option("--images", is_flag=True, help="Keep images in Markdown.")
@click.option("--comments", is_flag=True, help="Write the comments of readers as well, after the text.")
@click.option("--no-links", is_flag=True, help="Keep the words of links only.")
@click.option("--no-rules", is_flag=True, help="Let the structure of the page decide alone.")
@click.option(
    "--format",
    "container",
    type=click.Choice(["auto", "html", *(k.value for k in Kind if k != Kind.TEXT)]),
    default="auto",
    help="What a file holds: one page, or records; auto goes by the name. [auto]",
)
@click.option("--html-field", default="html", metavar="NAME", help="Field of a record with the page. [html]")
@record_options
@scale_options
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("--no-progress", is_flag=True, help="No progress bar.")
@click.option("--charset", metavar="NAME", help="What the HTTP header said of the page's encoding; detected when left out.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="[auto]")
@rule_options
def command(paths: tuple[Path, ...], **options: Any) -> int:
    """Write the main content of the page in PATHS, or of the page on standard input.

    A page may also be a dump: all its text, without tags. Files called .txt or .text are dumps, records are that have a
    text and no HTML, and anything is with --text-format text.

    \b
    curl -s URL | scrubber extract --url URL > article.md
    scrubber extract page.html --diff
    scrubber extract dump.txt --url URL
    scrubber extract --format jsonl < pages.jsonl > texts.jsonl
    scrubber extract CC-MAIN.warc.gz -o out/ -j auto

    Records come from JSON Lines, CSV, Parquet, WARC, tar and zip, and become JSON Lines; .gz and .zst are read and
    written. Needs the extra: pip install 'scrubber[extract]'.
    """
    from scrubber.extract import Extractor

    if paths in ((), (STDIN,)) and sys.stdin.isatty():
        raise click.UsageError("nothing to extract from: give a file, or pipe a page in (scrubber extract --help)")
    inputs, bases = _inputs(paths or (STDIN,), options)
    many = len(inputs) != 1 or any(path.is_dir() for path in paths)
    if many and not options["output"]:
        raise click.UsageError(f"{len(inputs)} files for one output: say -o FOLDER/")
    folder = options["output"] and (many or names_folder(options["output"]))
    if folder or _kind(inputs[0], options) != Kind.TEXT:
        return _records(inputs, bases, "folder" if folder else "output" if options["output"] else "stream", options)
    extractor = Extractor(_settings(inputs[0], options), rules=not options["no_rules"])
    return _page(extractor, inputs[0], options)


def _inputs(paths: Sequence[Path], options: dict[str, Any]) -> tuple[list[Path], list[Path]]:
    from scrubber.files import expand

    found, bases = globbed(paths)
    for path in found:
        if path != STDIN and not path.exists():
            raise click.UsageError(f"{path}: no such file or folder")
    kind = None if options["container"] == "auto" else Kind(options["container"].replace("html", "text"))
    suffixes = (*(PAGE_SUFFIXES if kind in (None, Kind.TEXT) else ()), *suffixes_of((kind,) if kind else tuple(Kind)))
    return list(expand(found, suffixes=suffixes)), bases


def _kind(path: Path, options: dict[str, Any]) -> Kind:
    container = options["container"]
    return kind_of_name(path.name) if container == "auto" else Kind(container.replace("html", "text"))


def _settings(path: Path, options: dict[str, Any]) -> Settings:
    from scrubber.settings import load, override

    loaded = load(options["config"], None if path == STDIN else path, options["isolated"])
    return override(loaded.settings, overrides(options))


def _records(inputs: Sequence[Path], bases: Sequence[Path], mode: str, options: dict[str, Any]) -> int:
    from scrubber.cli.asked import Asked
    from scrubber.cli.corpus import run
    from scrubber.scale.task import Job

    if options["diff"]:
        raise click.UsageError("--diff shows one page; use --report for records")
    if options["to"] == "json" and any(_kind(path, options) != Kind.TEXT for path in inputs):
        raise click.UsageError("records are JSON as they are: say --to text, markdown or html")
    fields = fields_of(options)
    page_fields = ExtractFields(options["html_field"], *fields)
    asked = Asked(options, mode, inputs, bases, _SUFFIX[options["to"] or "markdown"])

    dumps = options["text_format"] in ("text", "markdown")

    def job(path: Path) -> Job:
        to = options["to"] or ("markdown" if _kind(path, options) == Kind.TEXT else "text")
        page = PageOptions(
            to, options["url"], options["charset"], options["images"], not options["no_links"], options["comments"], dumps
        )  # fmt: skip
        return Job(
            _settings(path, options), fields, page=page, page_fields=page_fields, use_rules=not options["no_rules"],
            on_error=asked.on_error, report=asked.report,
        )  # fmt: skip

    return 2 if run(asked, job).failed else 0


def _page(extractor: Extractor, path: Path, options: dict[str, Any]) -> int:
    data = read_input(path)
    name = "<stdin>" if path == STDIN else str(path)
    if _is_dump(path, data, options):
        to, found = options["to"] or "text", _dump(extractor, data, name, options)
    else:
        to, found = options["to"] or "markdown", _of_page(extractor, data, name, options)
    for problem in (*found.report.notes, *found.report.errors):
        click.echo(f"scrubber: {name}: {problem}", err=True)
    with report_sink(options["report"]) as sink:
        if sink is not None:
            _write_report(sink, found, extractor)
    if options["diff"]:
        _show(found, options["color"])
    else:
        _write(options["output"], found_bytes(found, to))
    return 2 if found.report.errors else 0


def _is_dump(path: Path, data: bytes, options: dict[str, Any]) -> bool:
    """Return whether a file is a dump: as told, by its name, or because nothing in it looks like a tag of a page."""
    if options["text_format"] != "auto":
        return options["text_format"] in ("text", "markdown")
    suffix = path.suffix.lower()
    if suffix in _DUMPS or suffix in PAGE_SUFFIXES or options["to"] in ("markdown", "html"):
        return suffix in _DUMPS
    return _TAG.search(data.replace(b"\0", b"")) is None


def _dump(extractor: Extractor, data: bytes, name: str, options: dict[str, Any]) -> Extracted:
    from scrubber.decode import decode

    if options["to"] in ("markdown", "html"):
        raise click.UsageError(f"a dump has no tags to make {options['to']} of: say --to text or json")
    return extractor.dump(decode(data, options["charset"]).text, options["url"], name)


def _of_page(extractor: Extractor, data: bytes, name: str, options: dict[str, Any]) -> Extracted:
    to = options["to"] or "markdown"
    return extractor.extract(
        data, options["url"], name, "text" if to == "json" or options["diff"] else to,
        charset=options["charset"], images=options["images"], links=not options["no_links"], comments=options["comments"],
    )  # fmt: skip


def _write(target: str | None, data: bytes) -> None:
    if target is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from scrubber.files import write_atomic

    write_atomic(Path(target), data)


def _show(found: Extracted, choice: str) -> None:
    from rich.console import Console

    from scrubber.report.colour import use_colour
    from scrubber.report.rich_diff import print_diff

    colour = use_colour(choice, sys.stdout, os.environ)
    console = Console(
        force_terminal=colour, no_color=not colour, color_system="standard" if colour else None, highlight=False
    )  # fmt: skip
    print_diff(console, found.source, found.report)


def _write_report(sink: BinaryIO, found: Extracted, extractor: Extractor) -> None:
    from scrubber.edits import apply, edits_of
    from scrubber.report.jsonl import lines
    from scrubber.settings import as_json

    before = found.source.encode("utf-8", "surrogatepass")
    after = apply(found.source, edits_of(found.report)).encode("utf-8", "surrogatepass")
    rules = extractor.cleaner.library.digest if extractor.cleaner else ""
    for line in lines(
        found.report, encoding="utf-8", bom=b"", sha256_in=sha256(before), sha256_out=sha256(after),
        decode_errors="surrogatepass", rules=rules, settings=as_json(extractor.settings),
    ):  # fmt: skip
        sink.write(line)
    sink.flush()
