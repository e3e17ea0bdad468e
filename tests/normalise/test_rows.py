"""What each normaliser alone must change and must not change, a row each.

Characters that cannot be seen or told apart are written as escapes.
"""

import sys

import pytest

from scrubber.edits import apply, check
from scrubber.errors import SettingsError
from scrubber.model import Settings
from scrubber.normalise import normalise

OFF = Settings(invisible=False, nfc=False, spaces=False, trailing=False, blank_lines=False, quotes="keep", entities=False)
ONLY = {
    "invisible": OFF._replace(invisible=True),
    "nfc": OFF._replace(nfc=True),
    "spaces": OFF._replace(spaces=True),
    "trailing": OFF._replace(trailing=True),
    "inner-spaces": OFF._replace(inner_spaces=True),
    "tabs": OFF._replace(tabs=4),
    "blank-lines": OFF._replace(blank_lines=True),
    "straight": OFF._replace(quotes="straight"),
    "curly": OFF._replace(quotes="curly"),
    "dash-hyphen": OFF._replace(dashes="hyphen"),
    "dash-unicode": OFF._replace(dashes="unicode"),
    "dots": OFF._replace(ellipses="dots"),
    "ellipsis": OFF._replace(ellipses="character"),
    "entities": OFF._replace(entities=True),
    "mojibake": OFF._replace(mojibake=True),
}
CAUSE = {
    "straight": "quotes",
    "curly": "quotes",
    "dash-hyphen": "dashes",
    "dash-unicode": "dashes",
    "dots": "ellipses",
    "ellipsis": "ellipses",
}

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
HIDDEN = "".join(chr(0xE0000 + ord(c)) for c in "ignore")

CHANGES = [
    ("invisible", "zero\u200bwidth", "zerowidth"),
    ("invisible", "a\ufeffb", "ab"),
    ("invisible", "\ufeffstart", "start"),
    ("invisible", "word\u2060joiner", "wordjoiner"),
    ("invisible", "Auf\u200clage", "Auflage"),
    ("invisible", "co\u200dop", "coop"),
    ("invisible", "hy\u00adphen\u00adation", "hyphenation"),
    ("invisible", "e\u0301\u00adtat", "e\u0301tat"),
    ("invisible", "left\u200e and \u202bright\u202c", "left and right"),
    ("invisible", "\u2066isolate\u2069", "isolate"),
    ("invisible", "if (x) \u202e// evil", "if (x) // evil"),
    ("invisible", f"hi{HIDDEN} there", "hi there"),
    ("invisible", f"{SCOTLAND}{HIDDEN}!", f"{SCOTLAND}!"),
    ("invisible", f"\U0001f3f4{HIDDEN}!", "\U0001f3f4!"),
    ("invisible", "emoji \U0001f600\u200d end", "emoji \U0001f600 end"),
    ("invisible", "שלום \u202bfoo", "שלום foo"),
    ("nfc", "cafe\u0301", "caf\u00e9"),
    ("nfc", "\u212b and \u2126", "\u00c5 and \u03a9"),
    ("nfc", "\u1112\u1161\u11ab", "\ud55c"),
    ("nfc", "q\u0307\u0323", "q\u0323\u0307"),
    ("spaces", "no\u00a0break", "no break"),
    ("spaces", "thin\u2009em\u2003math\u205f.", "thin em math ."),
    ("spaces", "$5\u00a0million", "$5 million"),
    ("spaces", "price:\u00a0free", "price: free"),
    ("spaces", "two\u00a0\u00a0together", "two  together"),
    ("spaces", "a\n\u00a0\nb", "a\n \nb"),
    ("spaces", "\u00a0One lone space", " One lone space"),
    ("spaces", "end\u00a0\nnext", "end \nnext"),
    ("spaces", "06\u00a012\u00a034\u00a056", "06 12 34 56"),
    ("spaces", "in 2019\u00a0300 people", "in 2019 300 people"),
    ("trailing", "a \nb\t\nc  ", "a\nb\nc"),
    ("trailing", "a \r\nb \rc", "a\r\nb\rc"),
    ("trailing", "a\n   \nb", "a\n\nb"),
    ("blank-lines", "a\n\n\nb", "a\n\nb"),
    ("blank-lines", "a\n\n\n\n\nb\n\n\nc", "a\n\nb\n\nc"),
    ("blank-lines", "a\r\n\r\n\r\nb", "a\r\n\r\nb"),
    ("blank-lines", "a\r\r\rb", "a\r\rb"),
    ("blank-lines", "a\n \n\t\n  b", "a\n \n  b"),
    ("inner-spaces", "too   many  spaces", "too many spaces"),
    ("inner-spaces", "    indented  text", "    indented text"),
    ("tabs", "a\tbc\td", "a   bc  d"),
    ("tabs", "\ta\tb", "\ta   b"),
    ("straight", "It\u2019s \u201ca \u2018b\u2019\u201d", "It's \"a 'b'\""),
    ("straight", "\u201edeutsch\u201c \u201asingle\u2018", "\"deutsch\" 'single'"),
    ("straight", "\u201brare\u2019 \u201frare\u201d", "'rare' \"rare\""),
    ("straight", "l\u2019été", "l'été"),
    ("straight", "5\u201910\u201d", "5'10\""),
    ("straight", "IRM\u00c3\u201d e", 'IRM\u00c3" e'),
    ("curly", "\"I said 'no'\", he said", "“I said ‘no’”, he said"),
    ("curly", "It's the '90s, 'tis rock 'n' roll", "It’s the ’90s, ’tis rock ’n’ roll"),
    ("curly", "dogs' tails and James's", "dogs’ tails and James’s"),
    ("curly", "\"'Nested,' he said.\"", "“‘Nested,’ he said.”"),
    ("curly", '("in brackets")', "(“in brackets”)"),
    ("curly", '"1990" and "1991"', "“1990” and “1991”"),
    ("curly", '"*so* it *is*" and "**this**"', "“*so* it *is*” and “**this**”"),
    ("curly", 'word--"quote"', "word--“quote”"),
    ("curly", '"a 6" pipe"', '“a 6" pipe”'),
    ("curly", "\"one\"\n\"two\"", "“one”\n“two”"),
    ("dash-hyphen", "a — b, 1–2, non\u2011breaking", "a -- b, 1-2, non-breaking"),
    ("dash-unicode", "one -- two--three---four", "one — two—three—four"),
    ("dash-unicode", "pages 3--7", "pages 3–7"),
    ("dash-unicode", "But I--", "But I—"),
    ("dots", "wait… what", "wait... what"),
    ("ellipsis", "wait... what...", "wait… what…"),
    ("entities", "it&#8217;s &amp;#8217; &amp;amp;rsquo;", "it’s ’ ’"),
    ("entities", "a&nbsp;b", "a\u00a0b"),
    ("entities", "AT&amp;T &quot;x&quot; &#x27;y&#39;", "AT&T \"x\" 'y'"),
    ("entities", "&amp;amp;amp; co", "& co"),
    ("entities", "R&amp;D &mdash; &eacute; &#150; &hellip;", "R&D — é – …"),
    ("entities", "&#38;#8217;", "’"),
    ("entities", "&amp;&#114;squo;", "’"),
    ("mojibake", "cafÃ© donâ€™t", "café don’t"),
    ("mojibake", "plain words and voilÃ\u00a0 here", "plain words and voilà here"),
]  # fmt: skip

STAYS = [
    ("invisible", "می\u200cخواهم"),
    ("invisible", "क्\u200dष and क्\u200cष"),
    ("invisible", "\u0dc1\u0dca\u200d\u0dbb\u0dd3"),
    ("invisible", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f9d1\U0001f3fd\u200d\U0001f680"),
    ("invisible", "\u2764\ufe0f\u200d\U0001f525"),
    ("invisible", "\U0001f3f3\ufe0f\u200d\U0001f308 \U0001f426\u200d\u2b1b"),
    ("invisible", f"{SCOTLAND} wins"),
    ("invisible", "1\ufe0f\u20e3 \u2603\ufe0e 葛\U000e0100"),
    ("invisible", "-\u00ad 5\u00ad6 a\u00ad\n"),
    ("invisible", "שלום\u200f! \u200eabc"),
    ("invisible", "שלום \u202aabc\u202c \u2067\u2066x\u2069\u2069"),
    ("invisible", "ភាសា\u200bខ្មែរ ไทย\u200bไทย"),
    ("invisible", "x\u2062y a\u034fb \u3164"),
    ("invisible", "Mar\u00c3\u00ada"),
    ("nfc", "caf\u00e9 \ufb01 \u00bd x\u00b2 \uff21"),
    ("nfc", "plain"),
    ("spaces", "Quoi\u00a0? Oui\u202f! Ceci\u00a0: cela\u202f; fin"),
    ("spaces", "«\u00a0mot\u00a0» ‹\u202fmot\u202f›"),
    ("spaces", "10\u00a0% et 5\u202f€"),
    ("spaces", "1\u00a0234\u202f567 and 12\u2009345,6"),
    ("spaces", "日本\u3000語"),
    ("spaces", "\u00a0\u00a0indented"),
    ("spaces", "  \u2003indented"),
    ("spaces", "\u182a\u202f\u1836"),
    ("spaces", "l\u2028s"),
    ("trailing", "  indented\n\tindented\ninner   run\tstays"),
    ("trailing", "a\u3000\nb\u00a0"),
    ("trailing", "\r\n\r\n"),
    ("blank-lines", "a\n\nb\n\nc"),
    ("blank-lines", "\n\n\n\na\n\nb\n\n\n\n"),
    ("blank-lines", "\r\n\r\n\r\na\r\nb"),
    ("blank-lines", "\n\n\n"),
    ("blank-lines", "a\n\n\n   "),
    ("inner-spaces", "Name    Age\nBob     4\nAlice   51"),
    ("inner-spaces", "Item      9.50\nOther   120.00"),
    ("inner-spaces", "    indent only\n\tand this"),
    ("inner-spaces", "-   item\n1.  item\n    more"),
    ("inner-spaces", "| a   | b |"),
    ("inner-spaces", "end   \nend  "),
    ("tabs", "\t\tindented\n-\titem"),
    ("straight", "5\u203210\u2033 «mot» ‹mot› 「言」 ʼn Hawaiʻi O\u02bcNeil `tick` \u00b4"),
    ("straight", "donâ€™t â€œ\u201c x".replace("\u201c x", "x").replace("œ", "\u201c")),
    ("straight", "Espa\u00c3\u2018a"),
    ("straight", '<a title="say \u201chi\u201d">'),
    ("curly", "He is 5'10\" and 6' tall, 12\" wide"),
    ("curly", 'a " b \' c'),
    ("curly", '<a href="x">'),
    ("curly", '[a](b "title")'),
    ("curly", "“already” ‘curly’"),
    ("dash-hyphen", "5 − 3 and a-b"),
    ("dash-hyphen", "Ã–sterreich"),
    ("dash-unicode", "run --flag rest\n---\n| -- |\n<!-- x -->\n----\na-b"),
    ("dash-unicode", "|---|:--:|"),
    ("dots", "a.b..."),
    ("ellipsis", "a/... .... .. ../x f(...args)"),
    ("entities", "&lt;b&gt; &amp;lt; &#60; &#x3e;"),
    ("entities", "a & b; &unknown; &#0; &#10; &#xD800; &#1114112; AT&T; &nbsp without"),
    ("entities", "&amp;copy now and &amp;copy=1"),
    ("mojibake", "café don’t “quoted” Ã la carte"),
]  # fmt: skip


def never(text: str) -> list[tuple[int, int]]:
    return []


def test_every_normaliser_has_both_kinds_of_rows() -> None:
    assert {name for name, *_ in CHANGES} == set(ONLY)
    assert {name for name, *_ in STAYS} == set(ONLY)


@pytest.mark.parametrize(("name", "text", "wanted"), CHANGES)
def test_must_change(name: str, text: str, wanted: str) -> None:
    edits = normalise(text, ONLY[name], never)
    check(text, edits)
    assert apply(text, edits) == wanted
    assert {e.cause for e in edits} == {CAUSE.get(name, name)}
    assert normalise(wanted, ONLY[name], never) == []


@pytest.mark.parametrize(("name", "text"), STAYS)
def test_must_not_change(name: str, text: str) -> None:
    assert normalise(text, ONLY[name], never) == []


@pytest.mark.parametrize("text", sorted({row[1] for row in CHANGES} | {row[1] for row in STAYS}))
def test_everything_off_changes_nothing(text: str) -> None:
    assert normalise(text, OFF, never) == []


MARKDOWN = [
    ("trailing", "a  \nb", "a  \nb"),
    ("trailing", "a    \r\nb", "a    \r\nb"),
    ("trailing", "a \nb\t\nc", "a\nb\nc"),
    ("trailing", "a  \n\nb", "a\n\nb"),
    ("trailing", "a  \n  \nb", "a\n\nb"),
    ("trailing", "   \na  ", "\na"),
    ("spaces", "a\u00a0\u00a0\nb", "a\nb"),
    ("spaces", "a \u00a0  \nb", "a  \nb"),
    ("spaces", "a\n\u00a0\nb", "a\n \nb"),
    ("entities", "&#42;x&#42; &lbrack; &quot;", '&#42;x&#42; &lbrack; "'),
    ("dash-hyphen", "– item\n——\n> — said\na – b", "– item\n——\n> — said\na - b"),
]


@pytest.mark.parametrize(("name", "text", "wanted"), MARKDOWN)
def test_markdown(name: str, text: str, wanted: str) -> None:
    assert apply(text, normalise(text, ONLY[name], never, markdown=True)) == wanted


@pytest.mark.parametrize(
    ("lang", "text", "wanted"),
    [
        ("en", "What\u00a0? Yes\u00a0!", "What ? Yes !"),
        ("de-AT", "Was\u00a0?", "Was ?"),
        ("fr-CA", "Quoi\u00a0?", "Quoi\u00a0?"),
        ("fr_FR", "Quoi\u00a0?", "Quoi\u00a0?"),
        ("en", "«\u00a0mot\u00a0» 1\u00a0000 5\u00a0%", "«\u00a0mot\u00a0» 1\u00a0000 5\u00a0%"),
    ],
)
def test_french_spacing_follows_a_known_language(lang: str, text: str, wanted: str) -> None:
    assert apply(text, normalise(text, ONLY["spaces"], never, lang=lang)) == wanted


STEPS_TOGETHER = [
    ("a&nbsp;&nbsp;\n&nbsp;\n\n\u200b\nb", "a\n\nb"),
    ("don&acirc;&euro;&trade;t", "don't"),
    ("it\u00e2\u20ac\u2122s \u201cx\u201d", 'it\'s "x"'),
    ("Mar\u00c3\u00ada", "Mar\u00eda"),
    ("&\u200b#8217;", "'"),
    ("x \u00a0\u200b \n\n \n\u00a0\n\ny  ", "x\n\ny"),
    ("so&shy;ft &zwj; &#8203;x", "soft  x"),
]


@pytest.mark.parametrize(("text", "wanted"), STEPS_TOGETHER)
def test_steps_build_on_each_other(text: str, wanted: str) -> None:
    edits = normalise(text, Settings(mojibake=True), never)
    check(text, edits)
    assert apply(text, edits) == wanted


@pytest.mark.parametrize("name", ["quotes", "dashes", "ellipses"])
def test_an_unknown_choice_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f'{name} = "fancy"'):
        normalise("x", OFF._replace(**{name: "fancy"}), never)


def test_missing_ftfy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ftfy", None)
    with pytest.raises(SettingsError, match="needs the package ftfy"):
        normalise("Ã©", ONLY["mojibake"], never)
    assert normalise("é", Settings(), never) == []
