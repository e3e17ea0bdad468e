"""The item pipeline, in a crawl of a page on this machine, run by Scrapy in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scrubber.report.jsonl import read

pytest.importorskip("scrapy")

SPIDER = """
import json, sys
import scrapy
from dataclasses import dataclass
from scrapy.crawler import CrawlerProcess

@dataclass
class Article:
    url: str
    text: str
    title: str | None = None

class Spider(scrapy.Spider):
    name = "ferry"
    async def start(self):
        yield scrapy.Request(sys.argv[1])
    def parse(self, response):
        yield {"url": response.url, "text": response.text, "n": 1}
        yield Article("https://a.example/", "x", "Share.\\n\\nExit mobile version\\n\\nA ferry")

process = CrawlerProcess({
    "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False,
    "ITEM_PIPELINES": {"scrubber.adapters.scrapy.Clean": 300},
    "SCRUBBER_FIELDS": ["text", "title"], "SCRUBBER_REPORT": "report.jsonl", "SCRUBBER_CONFIG": "scrubber.toml",
    "FEEDS": {"items.jsonl": {"format": "jsonlines"}},
})
crawler = process.create_crawler(Spider)
process.crawl(crawler)
process.start()
print(json.dumps({k: v for k, v in crawler.stats.get_stats().items() if k.startswith("scrubber/")}))
"""


def test_a_crawl(tmp_path: Path, dirty: str, clean: str) -> None:
    (tmp_path / "page.txt").write_text(f"“Hi”\n{dirty}", encoding="utf-8")
    (tmp_path / "scrubber.toml").write_text('quotes = "keep"\n')
    (tmp_path / "spider.py").write_text(SPIDER, encoding="utf-8")
    command = [sys.executable, "-W", "error::scrapy.exceptions.ScrapyDeprecationWarning", "spider.py"]
    command.append((tmp_path / "page.txt").as_uri())
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    items = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [item["text"] for item in items] == [f"“Hi”\n{clean}", "x"]
    assert items[0]["n"] == 1
    assert items[1]["title"] == "A ferry"
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "scrubber/documents": 3, "scrubber/changed": 2, "scrubber/removals": 4, "scrubber/refused": 0,
    }  # fmt: skip
    with open(tmp_path / "report.jsonl", "rb") as handle:
        assert [len(entry.report.removals) for entry in read(handle)] == [2, 0, 2]
