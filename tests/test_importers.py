"""Foreign rule formats become packs; every line is imported, dropped with a reason, or unknown."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from scrubber.cleaner import Cleaner
from scrubber.cli.main import cli
from scrubber.formats.html import parse
from scrubber.formats.required import required
from scrubber.formats.select import select, to_xpath
from scrubber.model import Settings
from scrubber.packs.compile import compile_packs
from scrubber.packs.importers.abp import Unsupported, import_abp, to_selector
from scrubber.packs.importers.ftr import import_ftr
from scrubber.packs.importers.result import Import
from scrubber.packs.load import load_pack

FTR = """# A comment
title: //h1
body: //div[@class="text"] | //div[@id="more"]
strip: //p[contains(., 'Read also')]
strip: div[@class='ad']
strip: //p[contain(., 'typo')]
strip: //img/@src
strip_id_or_class: related
strip_id_or_class: "box teaser"
skip_id_or_class: pull-quote
find_string: <b>
replace_string: <i>
replace_string(<hr>):
prune: no
login_uri: https://quay.example/login
bdy: //p
nothing here
strip:
test_url: https://quay.example/rope
"""
ABP = """[Adblock Plus 2.0]
! Title: Test list
! License: CC BY 4.0
||ads.example^$third-party
quay.example##.ad-box
quay.example,~shop.quay.example##div[id^="promo-"]
quay.example#@#.ad-box.editorial
quay.example#?#p:has-text(/^advertisement$/i)
quay.example##.teaser:upward(1)
quay.example##li:has(> a.sponsored)
quay.example##.x:matches-css(display: block)
quay.example##+js(set, a, 1)
quay.example#$#.y { color: red }
quay.example#$#.z { remove: true; }
quay.*##.everywhere
##.global-ad
##div
quay.example##..broken
!#if env_mobile
quay.example##.mobile
!#endif
"""


def rules_of(toml: str, tmp_path: Path, name: str = "quay.example") -> list[tuple[str, bool, list[str]]]:
    path = tmp_path / f"{name}.toml"
    path.write_text(toml, encoding="utf-8")
    return [(r.kind, r.keep, list(r.body[r.kind])) for r in load_pack(f"user/{name}", path).rules]  # type: ignore[call-overload]


def test_ftr(tmp_path: Path) -> None:
    source = tmp_path / "www.quay.example.txt"
    source.write_text(FTR, encoding="utf-8")
    done = import_ftr(source)
    fate = {line.number: (line.outcome, line.reason) for line in done.lines}
    assert [n for n, (outcome, _) in fate.items() if outcome == "imported"] == [3, 4, 5, 8, 9, 10]
    assert [n for n, (outcome, _) in fate.items() if outcome == "unknown"] == [16, 17]
    assert fate[6] == fate[7] == ("dropped", "not XPath 1.0 for elements")
    assert "packs only delete" in fate[12][1]
    assert set(fate) == set(range(2, 20)), "every line but comments and blanks has a fate"
    (name, toml), *more = done.packs("CC0-1.0")
    assert (name, more) == ("quay.example", [])
    assert list(done.packs("CC0-1.0")) == list(import_ftr(source).packs("CC0-1.0"))
    rules = rules_of(toml, tmp_path)
    assert [kind for kind, _, _ in rules] == ["content", "select", "select", "select", "select", "select"]
    assert [keep for _, keep, _ in rules] == [False] * 5 + [True]
    assert 'origin = "www.quay.example.txt:8, CC0-1.0"' in toml
    page = parse(
        '<p class="related x">a<p class="unrelated">b<p id="related">c<p class="teaser box">d<p class="boxes teaser">e'
    )
    found = [node.text for _, _, xpaths in rules[3:5] for node in select(page.tree, xpaths)]
    assert sorted(found) == ["a", "c", "d"]


def test_abp(tmp_path: Path) -> None:
    source = tmp_path / "list.txt"
    source.write_text(ABP, encoding="utf-8")
    done, licence = import_abp(source)
    assert licence == "CC BY 4.0"
    fate = {line.number: (line.outcome, line.reason) for line in done.lines}
    assert [n for n, (outcome, _) in fate.items() if outcome == "imported"] == [5, 6, 7, 8, 9, 10, 14, 15]
    assert [n for n, (outcome, _) in fate.items() if outcome == "unknown"] == [18]
    assert fate[20] == ("dropped", "inside a condition")
    packs = dict(done.packs(licence))
    assert sorted(packs) == ["quay.any", "quay.example", "shop.quay.example"]
    assert rules_of(packs["shop.quay.example"], tmp_path, "shop")[0][1], "an exception is a keep rule"
    again, _ = import_abp(source, generic=True)
    fate = {line.number: line.outcome for line in again.lines}
    assert (fate[16], fate[17]) == ("imported", "dropped")


@pytest.mark.parametrize(
    ("body", "html", "found"),
    [
        ("p:has-text(Advert)", "<p>Advertisement</p><p>Rope</p>", ["Advertisement"]),
        ("p:has-text(/^advert$/i)", "<p> ADVERT </p><p>Advertise</p>", [" ADVERT "]),
        ("p:contains('it')", "<p>it</p><p>no</p>", ["it"]),
        ("li:has(> b)", "<ul><li>x<b>y</b></li><li>z</li></ul>", ["x"]),
        ("b:upward(2)", "<div>top<p>mid<b>low</b></p></div>", ["top"]),
        ("b:upward(.k)", "<div class=k>top<p>mid<b>low</b></p></div>", ["top"]),
        ("p:min-text-length(5)", "<p>four</p><p>five5</p>", ["five5"]),
        ("div:has(b) > p", "<div><b>1</b><p>yes</p></div><div><p>no</p></div>", ["yes"]),
        ("i, b:has-text(x)", "<i>y</i><b>x</b>", ["x"]),
        ("p:has(+ .ad)", "<p>1</p><p class=ad>2</p><p>3</p>", ["1"]),
        ("p:has(~ .ad)", "<p>1</p><p>2</p><i class=ad></i><p>3</p>", ["1", "2"]),
        ("p:has(b, i)", "<p>1<b></b></p><p>2<i></i></p><p>3</p>", ["1", "2"]),
        ("p:not(:has(> b))", "<p>1<b></b></p><p>2</p>", ["2"]),
        ("p:contains(Ad) + p", "<p>Ad</p><p>2</p><p>3</p>", ["2"]),
        ("p:has-text(/ad|promo/i)", "<p>AD</p><p>Promo</p><p>3</p>", ["AD", "Promo"]),
        ("p:has-text(/^(ad|promo)$/)", "<p>ad</p><p>promoted</p>", ["ad"]),
        ("p:has-text(/cost$/)", "<p>low cost</p><p>cost of it</p>", ["low cost"]),
        ("b:has-text(x):upward(1):has(i)", "<p>1<b>x</b><i></i></p><p>2<b>x</b></p>", ["1"]),
        (":xpath(//p[2])", "<p>1</p><p>2</p>", ["2"]),
        ("p:remove()", "<p>1</p>", ["1"]),
    ],
)
def test_procedural_filters(body: str, html: str, found: list[str]) -> None:
    page = parse(f"<html><body>{html}</body></html>")
    assert [node.text for node in select(page.tree, [to_selector(body)])] == found


@pytest.mark.parametrize("body", [".a:matches-path(x)", ".a:style(top: 0)", "p:has-text(/a.*b/)", ".a:others()"])
def test_what_a_static_page_cannot_answer(body: str) -> None:
    with pytest.raises(Unsupported):
        to_selector(body)


def test_hosts(tmp_path: Path) -> None:
    source = tmp_path / "list.txt"
    source.write_text(
        "quay.example,pier.example##.a\nnews.quay.example##.b\ndock.*##.c\ndock.example##.d\n"
        "quay.example##.e::before\nquay.example##.f { remove: true; }\nquay.example##.g { color: red }\n", encoding="utf-8",
    )  # fmt: skip
    done, licence = import_abp(source)
    assert [line.outcome for line in done.lines] == ["imported"] * 4 + ["dropped", "imported", "dropped"]
    packs = dict(done.packs(licence))
    assert sorted(packs) == ["dock.any", "dock.example", "news.quay.example", "pier.example", "quay.example"]
    assert packs["news.quay.example"].count("select") == 1, "what is for the hosts above stands in their packs"
    assert packs["dock.example"].count("select") == 1
    rules = tmp_path / "packs"
    rules.mkdir()
    for name, toml in packs.items():
        (rules / f"{name}.toml").write_text(toml, encoding="utf-8")
    cleaner = Cleaner(Settings(rules=(rules,)))
    for url, names in (
        ("https://www.dock.co.uk/x", ["user/dock.any"]),
        ("https://dock.example", ["user/dock.example", "user/dock.any"]),
        ("https://news.quay.example", ["user/news.quay.example", "user/quay.example"]),
    ):
        assert [name for name, _ in cleaner.packs_for("", url)] == names


def test_hosts_with_the_same_filters_share_a_pack(tmp_path: Path) -> None:
    source = tmp_path / "list.txt"
    source.write_text("quay.example,pier.example##.a\n", encoding="utf-8")
    done, licence = import_abp(source)
    ((name, toml),) = done.packs(licence)
    assert name == "pier.example"
    assert 'hosts = ["pier.example", "quay.example"]' in toml


def test_command(tmp_path: Path) -> None:
    source, out = tmp_path / "quay.example.txt", tmp_path / "packs"
    source.write_text(FTR, encoding="utf-8")
    run = CliRunner().invoke(cli, ["rules", "import", "ftr", str(source), "-o", str(out), "-v"])
    assert "6 lines imported, 10 dropped, 2 unknown (licence: CC0-1.0)" in run.output
    assert 'quay.example.txt:16: unknown: no directive "bdy"' in run.output
    assert "0 failed" in CliRunner().invoke(cli, ["rules", "test", str(out)]).output
    args = ["rules", "import", "ftr", str(source), "--strict"]
    assert CliRunner().invoke(cli, args, standalone_mode=False).return_value == 1


@pytest.mark.parametrize(
    ("xpath", "needs"),
    [
        (to_xpath(".ad-box"), ("token", "ad-box")),
        (to_xpath("#a.longer > p"), ("token", "longer")),
        (to_xpath("a[href^='https://ads.example/']"), ("value", "https://ads.example/")),
        (to_xpath("div[data-slot]"), ("name", "@data-slot")),
        (to_xpath("ad-unit"), ("name", "ad-unit")),
        (to_xpath("div"), ("", "")),
        (to_xpath("p:not(.lead)"), ("", "")),
        (to_xpath("p.x:not(.lead):not([id='(y'])"), ("token", "x")),
        (to_xpath(".a, .b"), ("", "")),
        ("//p[@id='a' or @id='b']", ("", "")),
        ("//div[@class='two words']", ("value", "two words")),
        ('//p[contains(., "class or id")]/b[@id="it"]', ("token", "it")),
    ],
)
def test_what_an_expression_requires(xpath: str, needs: tuple[str, str]) -> None:
    assert required(xpath) == needs


SELECTORS = """.a #b .a.c a[href*="ads"] [data-x] x-y p:not(.a) div>.c .a,.b [class="a"] [class^="a"] [id$="b"]
    p:not([data-x]) [class~="c"] a[href$="ads/"] .a:not(.c) [title="not("]""".split()
PAGES = [
    '<p class="a  c">1</p><p id=b>2</p><x-y data-x=1>3</x-y>', '<a href="/ads/">x</a><div><b class=" c">y</b></div>',
    '<p class="b">z</p><i title="not(">t</i>', "<div>nothing</div>",
]  # fmt: skip


@pytest.mark.parametrize("html", PAGES)
def test_filing_selectors_loses_none(html: str, tmp_path: Path) -> None:
    rule = '[[rule]]\nid = "r{}"\nrole = "ads"\ncertainty = "likely"\nwhy = "w"\norigin = "o"\nselect = [{!r}]\n'
    (tmp_path / "p.toml").write_text("schema = 1\n" + "".join(map(rule.format, range(99), SELECTORS)), encoding="utf-8")
    tree = parse(f"<html><body>{html}</body></html>").tree
    library = compile_packs([("user/p", tmp_path / "p.toml")])
    marker = library.page_rules.marker(["user/p"], lambda rule: True)
    assert marker is not None
    assert set(marker(tree)) == set(select(tree, [to_xpath(s) for s in SELECTORS]))


def test_what_configs_say_of_text(tmp_path: Path) -> None:
    source = tmp_path / "quay.example.txt"
    source.write_text(
        "strip: //p[.='Read this next']\nstrip: //p[starts-with(normalize-space(.), \"More from Quay:\")]/..\n"
        "strip: //p[.='More']\nstrip: //div[contains(., 'Read this next')]\nreplace_string((Photo by Quay)):\n"
        "replace_string(<p>Photo by Quay</p>):\n", encoding="utf-8",
    )  # fmt: skip
    done = import_ftr(source)
    assert [line.outcome for line in done.lines] == ["imported"] * 5 + ["dropped"]
    ((_, toml),) = done.packs("CC0-1.0")
    (tmp_path / "p.toml").write_text(toml, encoding="utf-8")
    kinds = [r.kind for r in load_pack("user/p", tmp_path / "p.toml").rules]
    assert kinds == ["phrases", "select", "phrases", "select", "select", "select", "span"]
    text = (
        "The rope was as long as the quay, and it was wet. (Photo by Quay)\n\nRead this next\n\n"
        "More from Quay: Seven knots for Sunday\n"
    )  # fmt: skip
    cleaner = Cleaner(Settings(rules=(tmp_path / "p.toml",), max_removed=1))
    assert cleaner.clean(text, "https://quay.example/x").text == "The rope was as long as the quay, and it was wet.\n"
    assert "Photo by Quay" in cleaner.clean(text, "https://pier.example/x").text


def test_lines(tmp_path: Path) -> None:
    source, out = tmp_path / "mine.txt", tmp_path / "packs"
    source.write_text(
        "# what nobody reads\nShare this story with friends\nShare\n{n} people like this\n/^Posted by \\w+$/i\n/[a-z]+/\n"
        "{foo} bar\n/(/\n***\n", encoding="utf-8",
    )  # fmt: skip
    run = CliRunner().invoke(cli, ["rules", "import", "lines", str(source), "-o", str(out)])
    assert "4 lines imported, 3 dropped, 1 unknown" in run.output
    assert "0 failed" in CliRunner().invoke(cli, ["rules", "test", str(out)]).output
    rules = load_pack("user/mine", out / "mine.toml").rules
    assert [(r.kind, r.certainty.value) for r in rules] == [
        ("phrases", "likely"), ("phrases", "weak"), ("phrases", "likely"), ("block", "likely"),
    ]  # fmt: skip
    assert rules[3].body["needs"] == ["posted by "]
    assert rules[1].origin == "mine.txt:3, not stated"
    text = "It rained for days on the harbour, and nobody was out in it.\n\nposted by bob\n\nShare this story with friends\n"
    assert Cleaner(Settings(rules=(out,))).clean(text).text == text.partition("\n")[0] + "\n"


def test_what_was_imported_can_be_exported_again(tmp_path: Path) -> None:
    source, packs, back = tmp_path / "quay.example.txt", tmp_path / "packs", tmp_path / "back"
    source.write_text(
        "body: //div[@class=\"text\"]\nstrip: //p[contains(., 'Read also')]\nstrip_id_or_class: related\n"
        "skip_id_or_class: pull-quote\n", encoding="utf-8",
    )  # fmt: skip
    CliRunner().invoke(cli, ["rules", "import", "ftr", str(source), "-o", str(packs)])
    run = CliRunner().invoke(cli, ["rules", "export", "ftr", str(packs), "-o", str(back)])
    assert "4 rules exported, 0 left out" in run.output
    assert (back / source.name).read_text(encoding="utf-8") == source.read_text(encoding="utf-8")


def by_host(done: Import, tmp_path: Path) -> dict[str, set[tuple[str, bool]]]:
    """Return selectors, and whether they protect, by the host their packs are for."""
    found: dict[str, set[tuple[str, bool]]] = {}
    for _, toml in done.packs("none"):
        hosts = tomllib.loads(toml)["hosts"]
        rows = {(x, keep) for _, keep, xpaths in rules_of(toml, tmp_path) for x in xpaths}
        found |= dict.fromkeys(hosts, rows)
    return found


def test_filters_survive_the_way_there_and_back(tmp_path: Path) -> None:
    source, packs, back = tmp_path / "list.txt", tmp_path / "packs", tmp_path / "back.txt"
    source.write_text(ABP, encoding="utf-8")
    done, licence = import_abp(source)
    packs.mkdir()
    for name, toml in done.packs(licence):
        (packs / f"{name}.toml").write_text(toml, encoding="utf-8")
    (packs / "words.toml").write_text(
        'schema = 1\n[[rule]]\nid = "w"\nrole = "ads"\ncertainty = "weak"\nwhy = "w"\nphrases = ["Ad"]\n', encoding="utf-8"
    )
    run = CliRunner().invoke(cli, ["rules", "export", "abp", str(packs), "-o", str(back)])
    assert "1 about text, not about elements" in run.output
    again, _ = import_abp(back)
    assert again.counts()["dropped"] == again.counts()["unknown"] == 0
    assert by_host(again, tmp_path) == by_host(done, tmp_path)
    assert "quay.example##.ad-box\n" in back.read_text(encoding="utf-8")
