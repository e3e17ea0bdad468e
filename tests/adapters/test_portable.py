"""What adapters share."""

from __future__ import annotations

import json
import pickle

from scrubber.adapters.huggingface import Clean
from scrubber.adapters.portable import Portable, told
from scrubber.model import Settings


def test_only_settings_travel(dirty: str, clean: str) -> None:
    here = Portable(Settings(quotes="keep"))
    assert here.clean(dirty).text == clean
    there = pickle.loads(pickle.dumps(here))
    assert there.settings.quotes == "keep"
    assert len(pickle.dumps(here)) < 2000
    assert there.clean(dirty).text == clean


def test_a_function_travels_with_its_columns() -> None:
    there = pickle.loads(pickle.dumps(Clean("body", "address", "report")))
    assert (there.text, there.url, there.report) == ("body", "address", "report")


def test_an_address_that_is_none(dirty: str, clean: str) -> None:
    for url in (None, 3, "", float("nan")):
        assert Portable().clean(dirty, url).text == clean


def test_what_is_told(dirty: str) -> None:
    data = json.loads(told(Portable().clean(f"“Hi”\n{dirty}").report))
    assert [removal["role"] for removal in data["removals"]] == ["share", "mobile-switch"]
    assert (data["rewrites"], data["refused"], data["errors"]) == (2, "", [])
