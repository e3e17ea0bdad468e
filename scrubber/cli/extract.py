"""``scrubber extract``: the main content of a page, or of a stream of pages."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from scrubber.cli.options import overrides, rule_options
from scrubber.cli.outlets import report_sink
from scrubber.cli.plan import STDIN, open_input, read_input
from scrubber.errors import RecordError
from scrubber.run import HTML_SUFFIXES, ExtractFields, extract_records, sha256

if TYPE_CHECKING:
    from scrubber.extract import Extracted, Extractor

DUMPS = (".txt", ".text")
_TAG = re.compile(rb"<(?:!doctype|html|head|body|meta|div|p|article|section|main|table|h[1-6]|ul|a|span|br)\b[^<>]*>", re.I)


@click.command("extract")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), default="-")
@click.option(
    "--to",
    type=click.Choice(["markdown", "text", "html", "json"]),
    help="What to write; json is one object with text and metadata. [markdown; text for dumps and records]",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the result here.")
@click.option("--diff", is_flag=True, help="Write no result; show the page's text with what is left out, and why.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write what was left out, and which witness said so, as JSON Lines.",
)
@click.option("--images", is_flag=True, help="Keep images in Markdown.")
@click.option("--no-links", is_flag=True, help="Keep the words of links only.")
@click.option("--no-rules", is_flag=True, help="Let the structure of the page decide alone.")
@click.option(
    "--format",
    "container",
    type=click.Choice(["html", "jsonl"]),
    default="html",
    help="What the input is: one page, or one JSON record a line.",
)
@click.option("--html-field", default="html", metavar="NAME", help="Field of a record with the page. [html]")
@click.option("--text-field", default="text", metavar="NAME", help="Field the main content goes to. [text]")
@click.option("--id-field", default="id", metavar="NAME", help="Field that names a record. [id]")
@click.option("--url-field", default="url", metavar="NAME", help="Field with a record's URL. [url]")
@click.option(
    "--on-error",
    type=click.Choice(["stop", "skip"]),
    default="skip",
    help="A bad record stops the run, or passes unchanged and makes the exit status 2. [skip]",
)
@click.option("--charset", metavar="NAME", help="What the HTTP header said of the page's encoding; detected when left out.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="[auto]")
@rule_options
def command(path: Path, **options: Any) -> int:
    """Write the main content of the page PATH, or of the page on standard input.

    A page may also be a dump: all its text, without tags. Files called .txt or .text are dumps, records are that have a
    text and no HTML, and anything is with --text-format text.

    \b
    curl -s URL | scrubber extract --url URL > article.md
    scrubber extract page.html --diff
    scrubber extract dump.txt --url URL
    scrubber extract --format jsonl --to text < pages.jsonl > texts.jsonl

    Needs the extra: pip install 'scrubber[extract]'.
    """
    from scrubber.extract import Extractor
    from scrubber.settings import load, override

    if path == STDIN and sys.stdin.isatty():
        raise click.UsageError("nothing to extract from: give a file, or pipe a page in (scrubber extract --help)")
    loaded = load(options["config"], None if path == STDIN else path, options["isolated"])
    extractor = Extractor(override(loaded.settings, overrides(options)), rules=not options["no_rules"])
    if options["container"] == "jsonl":
        if options["diff"]:
            raise click.UsageError("--diff shows one page; use --report with --format jsonl")
        return _records(extractor, path, options)
    return _page(extractor, path, options)


def _page(extractor: Extractor, path: Path, options: dict[str, Any]) -> int:
    data = read_input(path)
    name = "<stdin>" if path == STDIN else str(path)
    if _is_dump(path, data, options["text_format"]):
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
        out = json.dumps(_as_json(found), ensure_ascii=False, indent=2) + "\n" if to == "json" else found.text
        _write(options["output"], out.encode("utf-8", "replace"))
    return 2 if found.report.errors else 0


def _is_dump(path: Path, data: bytes, text_format: str) -> bool:
    """Return whether a file is a dump: as told, by its name, or because nothing in it looks like a tag of a page."""
    if text_format != "auto":
        return text_format in ("text", "markdown")
    suffix = path.suffix.lower()
    return suffix in DUMPS or (suffix not in HTML_SUFFIXES and _TAG.search(data.replace(b"\0", b"")) is None)


def _dump(extractor: Extractor, data: bytes, name: str, options: dict[str, Any]) -> Extracted:
    from scrubber.decode import decode

    if options["to"] in ("markdown", "html"):
        raise click.UsageError(f"a dump has no tags to make {options['to']} of: say --to text or json")
    return extractor.dump(decode(data, options["charset"]).text, options["url"], name)


def _of_page(extractor: Extractor, data: bytes, name: str, options: dict[str, Any]) -> Extracted:
    to = options["to"] or "markdown"
    return extractor.extract(
        data, options["url"], name, "text" if to == "json" or options["diff"] else to,
        charset=options["charset"], images=options["images"], links=not options["no_links"],
    )  # fmt: skip


def _as_json(found: Extracted) -> dict[str, Any]:
    known = found.metadata._asdict()
    del known["body"]
    return {**known, "confidence": round(found.confidence, 3), "text": found.text}


def _write(target: Path | None, data: bytes) -> None:
    if target is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from scrubber.files import write_atomic

    write_atomic(target, data)


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


def _records(extractor: Extractor, path: Path, options: dict[str, Any]) -> int:
    fields = ExtractFields(options["html_field"], options["text_field"], options["id_field"], options["url_field"])
    to = options["to"] or "text"
    if to == "json":
        raise click.UsageError("records are JSON as they are: say --to text, markdown or html")
    name = "<stdin>" if path == STDIN else str(path)
    dumps = options["text_format"] in ("text", "markdown")
    target: Path | None = options["output"]
    part = target.with_name(target.name + ".part") if target else None
    failed = 0
    stream = open_input(path)
    out = sys.stdout.buffer if part is None else open(part, "wb")  # noqa: SIM115
    try:
        with report_sink(options["report"]) as sink:
            for output, found in extract_records(extractor, stream, name, fields, to, url=options["url"], dumps=dumps):
                if isinstance(found, RecordError):
                    if options["on_error"] == "stop":
                        raise found
                    click.echo(f"scrubber: {found} (passed unchanged)", err=True)
                    failed += 1
                elif found is not None and sink is not None:
                    _write_report(sink, found, extractor)
                out.write(output)
                if part is None:
                    out.flush()
        if part is not None and target is not None:
            out.flush()
            os.fsync(out.fileno())
            out.close()
            part.replace(target)
    finally:
        if part is not None:
            out.close()
            part.unlink(missing_ok=True)
    return 2 if failed else 0
