"""What ``side_by_side.py`` runs beside scrubber. Each takes the prepared data once and gives the number of bytes it wrote.

Peers are imported when they are asked for. The line rules in the manner of NeMo Curator are written from its public
description.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from scrubber import Settings
from scrubber.containers.block import framed
from scrubber.containers.codecs import Codec
from scrubber.containers.kinds import Kind
from scrubber.model import Level
from scrubber.scale.task import Job, Task
from scrubber.scale.work import work

PHRASES = tuple(
    """Share
Share this
Share this article
Share on Facebook
Share on Twitter
Pin it
Email
Print
Copy link
Exit mobile version
Advertisement
Advertisements
Sponsored
Subscribe
Subscribe now
Sign up for our newsletter
Sign in
Log in
Register
Read more
Continue reading
Related articles
Related posts
You may also like
Leave a comment
Leave a reply
Post a comment
Your email address will not be published.
Cookie policy
Privacy policy
Terms of use
Accept all cookies
All rights reserved.
Skip to content
Back to top
Menu
Home
Loading...
Previous
Next""".split("\n")
)
"""Forty lines somebody would put into a list after looking at a few pages."""

_POLICY = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")


class Data(NamedTuple):
    """The same texts as JSON Lines and as one plain text, the forty patterns, and where every run writes to.

    A file, because grep stops at the first line when it writes to the null device.
    """

    records: Path
    text: Path
    patterns: Path
    out: Path


class Contender(NamedTuple):
    """A name, how to get it ready (nothing if it is not installed), and what one run does."""

    name: str
    ready: Callable[[Data], Callable[[], int] | None]


def identity(data: Data) -> Callable[[], int]:
    """Return a run that reads, parses, prints and writes the records, with the standard library."""
    return lambda: _each(data, lambda text, url: text)


def scrubber(level: str) -> Callable[[Data], Callable[[], int]]:
    """Return what makes a run of ``clean`` on records, in this process."""

    def ready(data: Data) -> Callable[[], int]:
        job = Job(Settings(level=Level(level)))

        def run() -> int:
            size = 0
            with open(data.records, "rb") as source, open(data.out, "wb") as target:
                for lines in framed(source):
                    size += target.write(work(Task(job, "data", Kind.JSONL, Codec.PLAIN, lines)).output)
            return size

        return run

    return ready


def command(level: str) -> Callable[[Data], Callable[[], int]]:
    """Return what makes a run of the command line, start-up included."""
    words = [sys.executable, "-m", "scrubber", "clean", "--isolated", "--quiet", "--level", level, "--format", "jsonl"]
    return lambda data: lambda: _shell([*words, str(data.records)], data, fine=(0, 2))


def ftfy(data: Data) -> Callable[[], int] | None:
    """Return a run of ``ftfy.fix_text``."""
    if find_spec("ftfy") is None:
        return None
    import ftfy as peer

    return lambda: _each(data, lambda text, url: peer.fix_text(text))


def datatrove(name: str, **options: Any) -> Callable[[Data], Callable[[], int] | None]:
    """Return what makes a run of a filter of datatrove; a document that is dropped is not written."""

    def ready(data: Data) -> Callable[[], int] | None:
        if find_spec("datatrove") is None or find_spec("spacy") is None:
            return None
        from datatrove.data import Document
        from datatrove.pipeline import filters

        step = getattr(filters, name)(**options)

        def work(text: str, url: str) -> str | None:
            document = Document(text=text, id="")
            kept = step.filter(document)
            return document.text if kept is True else None

        return lambda: _each(data, work)

    return ready


def policy_lines(data: Data) -> Callable[[], int]:
    """Return a run of line rules as NeMo Curator describes them.

    Paragraphs that speak of cookies and terms go from both ends of a text, runs of line ends become two, and a text with
    too many bullets, ellipses, symbols or addresses, or too few words, is dropped.
    """
    return lambda: _each(data, lambda text, url: _policy(text))


_LINE_ENDS = re.compile(r"\n{3,}")
_ADDRESS = re.compile(r"https?://\S+")


def _policy(text: str) -> str | None:
    paragraphs = _LINE_ENDS.sub("\n\n", text).split("\n\n")
    while paragraphs and _speaks_of_policy(paragraphs[0]):
        del paragraphs[0]
    while paragraphs and _speaks_of_policy(paragraphs[-1]):
        del paragraphs[-1]
    text = "\n\n".join(paragraphs)
    lines = text.split("\n")
    bullets = sum(line.lstrip().startswith(("•", "-", "*")) for line in lines)
    ellipses = sum(line.rstrip().endswith(("...", "…")) for line in lines)
    words = text.split()
    symbols = sum(text.count(symbol) for symbol in ("#", "...", "…"))
    addresses = sum(len(found) for found in _ADDRESS.findall(text))
    good = (
        len(words) >= 50
        and bullets <= 0.9 * len(lines)
        and ellipses <= 0.3 * len(lines)
        and symbols <= 0.1 * len(words)
        and addresses <= 0.2 * len(text)
        and sum(map(str.isalnum, text)) >= 0.5 * len(text)
    )
    return text if good else None


def _speaks_of_policy(paragraph: str) -> bool:
    low = paragraph.lower()
    return any(phrase in low for phrase in _POLICY)


def tool(*words: str) -> Callable[[Data], Callable[[], int] | None]:
    """Return what makes a run of a Unix tool on the plain text; ``{patterns}`` stands for the file of patterns."""

    def ready(data: Data) -> Callable[[], int] | None:
        path = shutil.which(words[0])
        full = [word.replace("{patterns}", str(data.patterns)) for word in words[1:]]
        return None if path is None else lambda: _shell([path, *full, str(data.text)], data, fine=(0, 1))

    return ready


def sed(data: Data) -> Callable[[], int] | None:
    """Return a run of ``sed`` that deletes the forty lines."""
    script = [part for phrase in PHRASES for part in ("-e", f"/^{re.escape(phrase)}$/d".replace(r"\ ", " "))]
    return tool("sed", *script)(data)


def prepared(lines: Sequence[bytes], folder: Path) -> Data:
    """Write the data each contender reads, and return where it is."""
    data = Data(folder / "data.jsonl", folder / "data.txt", folder / "patterns", folder / "out")
    data.records.write_bytes(b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines))
    texts = (json.loads(line)["text"].encode("utf-8", "replace") for line in lines)
    data.text.write_bytes(b"\n".join(texts) + b"\n")
    data.patterns.write_text("".join(f"^{re.escape(phrase)}$\n".replace(r"\ ", " ") for phrase in PHRASES))
    return data


def contenders(level: str) -> Iterator[Contender]:
    """Yield all of them, the floor first."""
    yield Contender("identity", identity)
    yield Contender("scrubber", scrubber(level))
    yield Contender("scrubber-command", command(level))
    yield Contender("ftfy", ftfy)
    yield Contender("datatrove-c4", datatrove("C4QualityFilter"))
    yield Contender("datatrove-c4-lines", datatrove("C4QualityFilter", min_num_sentences=-1))
    yield Contender("datatrove-gopher", datatrove("GopherQualityFilter"))
    yield Contender("nemo-rules", policy_lines)
    yield Contender("sed", sed)
    yield Contender("grep", tool("grep", "-v", "-E", "-f", "{patterns}"))
    yield Contender("ripgrep", tool("rg", "-v", "-N", "--no-config", "-f", "{patterns}"))


def _each(data: Data, work: Callable[[str, str], str | None]) -> int:
    """Read, parse, work on, print and write every record."""
    size = 0
    with open(data.records, "rb") as source, open(data.out, "wb") as target:
        for line in source:
            record: dict[str, Any] = json.loads(line)
            text = work(record["text"], record.get("url") or "")
            if text is not None:
                record["text"] = text
                printed = json.dumps(record, ensure_ascii=False)
                size += target.write(printed.encode("utf-8", "surrogatepass") + b"\n")
    return size


def _shell(words: Sequence[str], data: Data, fine: Sequence[int]) -> int:
    environment: Mapping[str, str] = {**os.environ, "LC_ALL": "C.UTF-8"}
    with open(data.out, "wb") as target:
        done = subprocess.run(words, stdout=target, stderr=subprocess.PIPE, env=environment, check=False)
    if done.returncode not in fine:
        sys.exit(f"{words[0]}: {done.stderr.decode(errors='replace').strip()}")
    return data.out.stat().st_size
