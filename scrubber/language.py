"""Which languages a text is likely in, told by script and by very common words.

Generous on purpose: it only says whose rules are worth asking. Rules still match whole lines, so
a language too many costs time and no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scrubber.native import native
from scrubber.pattern import pattern

ENGLISH = "en"
_SAMPLE = 1200
_SURE = 2
_SHARE = 0.4
_FEW = 2
_TELLING = 8
_OTHER = pattern(r"[\u0370-\u1fff\u2c00-\u2fef\u3040-\ud7ff\uf900-\uffdc]")
_LETTERS = 6
_RANGES = {
    "greek": r"[\u0370-\u03ff]",
    "cyrillic": r"[\u0400-\u052f]",
    "armenian": r"[\u0530-\u058f]",
    "hebrew": r"[\u0590-\u05ff]",
    "arabic": r"[\u0600-\u06ff]",
    "devanagari": r"[\u0900-\u097f]",
    "bengali": r"[\u0980-\u09ff]",
    "gurmukhi": r"[\u0a00-\u0a7f]",
    "gujarati": r"[\u0a80-\u0aff]",
    "tamil": r"[\u0b80-\u0bff]",
    "telugu": r"[\u0c00-\u0c7f]",
    "kannada": r"[\u0c80-\u0cff]",
    "malayalam": r"[\u0d00-\u0d7f]",
    "sinhala": r"[\u0d80-\u0dff]",
    "thai": r"[\u0e00-\u0e7f]",
    "georgian": r"[\u10a0-\u10ff]",
    "khmer": r"[\u1780-\u17ff]",
    "kana": r"[\u3040-\u30ff]",
    "han": r"[\u3400-\u9fff]",
    "hangul": r"[\uac00-\ud7a3]",
}
_SCRIPTS = {name: pattern(span) for name, span in _RANGES.items()}


def marks_of(languages: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """Return what gives languages away: codes by ``script`` and by common ``word``."""
    marks: dict[str, dict[str, list[str]]] = {"script": {}, "word": {}}
    for code, row in languages.items():
        marks["script"].setdefault(row["script"], []).append(code)
        for word in row.get("words", ()):
            marks["word"].setdefault(word, []).append(code)
    return marks


class Guesser:
    """Languages by the script and the common words that give each away, as ``marks_of`` has them."""

    def __init__(self, marks: Mapping[str, Mapping[str, list[str]]]) -> None:
        self._by_script = {script: set(codes) for script, codes in marks["script"].items()}
        self._by_word = marks["word"]
        self._compiled: Any = None

    def _known(self, sample: str) -> Iterable[str]:
        """Return the words of a text that tell a language, each once."""
        if native is None:
            return self._by_word.keys() & set(sample.split())
        if self._compiled is None:
            self._compiled = native.Words(list(self._by_word))
        words: list[str] = self._compiled.find(sample)
        return self._by_word.keys() & words

    def guess(self, folded: str) -> list[str]:
        """Return the codes of the languages of a folded text, sorted, English left out.

        A text of some length in which no common word of any language occurs may be in all that use Latin letters.
        """
        sample = folded if len(folded) <= 2 * _SAMPLE else folded[:_SAMPLE] + "\n" + folded[-_SAMPLE:]
        scores: dict[str, int] = {}
        for word in self._known(sample):
            for code in self._by_word[word]:
                scores[code] = scores.get(code, 0) + 1
        best = max(scores.values(), default=0)
        found = {c for c, n in scores.items() if n == best or (n >= _SURE and n >= _SHARE * best)} if best >= _FEW else set()
        if not sample.isascii() and _OTHER.search(sample):
            for script, letters in _SCRIPTS.items():
                codes = self._by_script.get(script, set())
                if not codes & found and len(letters.findall(sample)) >= _LETTERS:
                    found |= codes
        if not found and len(set(sample.split())) >= _TELLING:
            found = self._by_script.get("latin", set())
        return sorted(found - {ENGLISH})

    def best(self, text: str) -> str:
        """Return the code of the language a text is most likely in, or nothing if that cannot be told."""
        sample = (text if len(text) <= 2 * _SAMPLE else text[:_SAMPLE] + "\n" + text[-_SAMPLE:]).lower()
        script = _script(sample)
        codes = self._by_script.get(script, set())
        scores = dict.fromkeys(codes, 0)
        for word in sample.split():
            for code in self._by_word.get(word, ()):
                if code in scores:
                    scores[code] += 1
        if not any(scores.values()):
            return next(iter(codes)) if len(codes) == 1 else ""
        return min(scores, key=lambda code: (-scores[code], code))


def _script(sample: str) -> str:
    """Return the script most letters of ``sample`` are in; any that is not listed counts as Latin."""
    if sample.isascii() or not _OTHER.search(sample):
        return "latin"
    found = {name: len(letters.findall(sample)) for name, letters in _SCRIPTS.items()}
    found["latin"] = sum(map(str.isalpha, sample)) - sum(found.values())
    if found["kana"]:  # Chinese has none
        found["kana"] += found.pop("han")
    return max(found, key=lambda name: found[name])
