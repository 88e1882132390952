"""The checker's page shows each output with its evidence, safely, and needs nothing but itself."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from justice_analysis.disclosure.checker import evidence, markup, page
from justice_analysis.disclosure.checker.numbers import rows_behind
from justice_analysis.disclosure.checker.reasons import why_hidden
from justice_analysis.disclosure.checker.recheck import Check, recheck
from justice_analysis.disclosure.verdict import Verdict

VOID = {"img", "meta", "col", "br", "hr"}


class Reader(HTMLParser):
    """Collects elements, and finds those that are left open or closed out of turn."""

    def __init__(self):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(tag)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


@pytest.fixture
def folder(release):
    return release()


@pytest.fixture
def text(folder):
    return (folder / "checker" / "index.html").read_text("utf-8")


@pytest.fixture
def reader(text):
    return read(text)


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_it_is_well_formed_and_asks_the_network_for_nothing(reader, text):
    assert reader.problems == reader.open == []
    assert not [name for name in ("script", "link", "iframe", "object") if reader.all(name)]
    addresses = [a.get("src") or a.get("href") for _, a in reader.elements]
    assert not [address for address in addresses if address and "//" in address]
    assert not [word for word in ("url(", "@import") if word in text]


def test_a_title_with_markup_in_it_is_shown_as_text(text, reader):
    assert "&lt;script&gt;x" in text
    assert "it breaks &lt;b&gt;a rule&lt;/b&gt;." in text
    assert len(reader.all("b")) == text.count("<b>")


def test_an_attribute_cannot_be_broken_out_of():
    assert markup.el("img", alt='"><script>') == '<img alt="&quot;&gt;&lt;script&gt;">'
    assert markup.el("p", "<i>", markup.el("b", "&")) == "<p>&lt;i&gt;<b>&amp;</b></p>"


def test_every_output_has_a_section_that_the_list_leads_to(reader):
    targets = {attributes.get("id") for _, attributes in reader.elements}
    links = [a["href"] for a in reader.all("a")]
    assert {f"output-repeat_mothers.default.{id}"
            for id in ("by_age", "returned", "over_time", "too_few")} <= targets  # fmt: skip
    assert all(link[1:] in targets for link in links if link.startswith("#"))
    ids = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(set(ids)) == len(ids)


def test_every_link_and_figure_is_a_file_of_the_release(reader, folder):
    places = [a.get("href") or a.get("src") for name, a in reader.elements if name in ("a", "img")]
    files = [place for place in places if not place.startswith("#")]
    assert any(place.endswith(".png") for place in files)
    for place in files:
        assert (folder / "checker" / place).resolve().is_file(), place


def test_unrounded_counts_stand_beside_what_leaves_and_are_marked(text):
    said = words(text)
    assert "This page never leaves." in said
    assert "Stays: unrounded, never leaves" in said
    assert '<td class="number leaves">165</td><td class="number stays">163</td>' in text


def test_a_hidden_row_says_why(text):
    assert "people is 3, under 10." in text
    assert "Hidden so that another hidden number cannot be worked out from it" in text
    assert "returned is 4, under 10." in text


def test_the_attackers_range_is_shown_with_whether_it_is_safe(collected, srs):
    shown = words(evidence.attacker(collected["by_age"]))
    assert "1 protected count; none can be told too closely." in shown
    told = dataclasses.replace(
        collected["by_age"].judged,
        verdict=Verdict("pass", evidence={"attacker": [{"cell": "c", "low": 3, "high": 3}]}),
    )
    shown = words(evidence.attacker(dataclasses.replace(collected["by_age"], judged=told)))
    assert "1 can be told too closely." in shown


def test_what_was_judged_is_shown_rule_by_rule_and_row_by_row(collected):
    recorded = {
        "why": {"3": ["it counts fewer people than the minimum"], "4": ["it stands beside it"]},
        "rules": [{"rule": "minimum_count", "status": "pass", "detail": "1 rows are hidden."},
                  {"rule": "attack", "status": "look", "detail": "1 was known before."}],
        "unsafe": [{"cell": "people: age c", "low": 3, "high": 3}],
        "differencing_pairs": [],
    }  # fmt: skip
    judged = dataclasses.replace(
        collected["by_age"].judged, verdict=Verdict("pass", evidence=recorded)
    )
    dossier = dataclasses.replace(collected["by_age"], judged=judged)
    rules = words(evidence.judged_rules(dossier))
    assert "Fewest people behind a number that is shown 1 rows are hidden. ✓ holds" in rules
    assert "Attack 1 was known before. ? look" in rules
    assert "As judged: 1 of 2 hold" in rules
    assert evidence.judged_rules(dossier).startswith("<details open>")
    assert why_hidden(dossier, 3) == (
        "It counts fewer people than the minimum; people is 3, under 10."
    )
    assert why_hidden(dossier, 4) == "It stands beside it."
    assert evidence.doubts(dossier) == ["Counts that what left before gives away: 1."]
    assert "people: age c" in evidence.attacker(dossier)
    assert "differ by too few people: none." in evidence.earlier(dossier)


def test_a_curve_shows_how_many_left_between_its_times(collected):
    left = [row.get("left since row above") for row in rows_behind(collected["over_time"])]
    assert left == [None, *["15"] * 7]


def test_evidence_of_any_shape_is_shown(collected):
    recorded = {
        "differencing_pairs": ["a differs from b by few."],
        "new_facts": {"deep": [{"x": 1.5, "y": None}, {"y": ("p", "q")}]},
        "attacker": "not what is expected",
        "hidden": [1],
    }
    judged = dataclasses.replace(
        collected["by_age"].judged, verdict=Verdict("pass", evidence=recorded)
    )
    dossier = dataclasses.replace(collected["by_age"], judged=judged)
    assert "a differs from b by few." in evidence.earlier(dossier)
    assert "not what is expected" in evidence.attacker(dossier)
    assert "1.5" in evidence.rest(dossier)
    assert "New facts" in evidence.rest(dossier)


def test_missing_evidence_is_said_and_not_made_up(collected):
    judged = dataclasses.replace(collected["by_age"].judged, verdict=Verdict("pass"))
    dossier = dataclasses.replace(collected["by_age"], judged=judged)
    assert "No range was recorded" in evidence.attacker(dossier)
    assert evidence.earlier(dossier) is None
    assert evidence.rest(dossier) is None


def test_what_needs_a_person_most_comes_first(collected):
    def as_status(dossier, status):
        verdict = Verdict(status, ("because.",))
        return dataclasses.replace(
            dossier, judged=dataclasses.replace(dossier.judged, verdict=verdict)
        )

    held, broken = Check("x", "", "", "holds"), Check("x", "", "", "broken")
    first = collected["by_age"]
    looked = [
        (collected["too_few"], ()),
        (first, (held,)),
        (as_status(first, "review"), ()),
        (collected["returned"], (Check("x", "", "", "look"),)),
        (collected["over_time"], (broken,)),
    ]
    ranked = [(dossier.status, [c.result for c in checks]) for dossier, checks in page.rank(looked)]
    assert ranked == [
        ("pass", ["broken"]), ("review", []), ("pass", ["look"]), ("pass", ["holds"]), ("fail", []),
    ]  # fmt: skip


def test_a_file_that_breaks_a_rule_raises_an_alarm(release, decided, text):
    assert "did not stand up to a second look" not in text
    decisions = decided[0][1]
    decisions[0].protected.table.loc[1, "people"] = 41
    told = (release("told") / "checker" / "index.html").read_text("utf-8")
    assert "1 of the files that leave did not stand up to a second look" in words(told)


def test_what_was_compared_is_said(release):
    before = release("unknown") / "checker" / "index.html"
    assert "Nothing was recorded of what left before" in before.read_text("utf-8")
    folder = release("known", compared=("Compared with 3 outputs.",), not_compared=("Iowa.",))
    said = words((folder / "checker" / "index.html").read_text("utf-8"))
    assert "Compared with 3 outputs." in said
    assert "Still to compare by hand Iowa." in said


def test_tables_and_pictures_can_be_read_without_seeing(reader, text):
    assert len(reader.all("caption")) == len(reader.all("table"))
    assert all(a.get("scope") for a in reader.all("th"))
    assert all(a.get("alt") for a in reader.all("img"))
    regions = [a for a in reader.all("div") if a.get("role") == "region"]
    assert len(regions) > 4
    assert all(a.get("aria-label") and a.get("tabindex") == "0" for a in regions)
    assert reader.all("html")[0]["lang"] == "en-GB"
    levels = [int(name[1]) for name, _ in reader.elements if re.fullmatch("h[1-6]", name)]
    assert [n for n, level in enumerate(levels) if level == 1] == [0]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert '<a href="#list" class="skip">' in text


def test_rules_stand_with_their_source_and_status(text, srs):
    said = words(text)
    for rule in ("minimum_count", "dominance_k"):
        source = " ".join(srs.sources[rule].source.split())[:40]
        assert markup.el("i", source)[3:-4] in said


def test_the_smallest_count_behind_a_shown_number_is_listed(collected):
    assert page.fewest_behind(collected["by_age"]) == 41
    assert page.fewest_behind(collected["returned"]) == 40
    assert page.fewest_behind(collected["too_few"]) is None


def test_the_page_is_the_same_for_the_same_release(release):
    first, second = (release(name) / "checker" / "index.html" for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()


def test_contrast_of_text_is_at_least_that_of_wcag_aa():
    style = page.STYLE.read_text("utf-8")
    blocks = re.findall(r":root \{([^}]*)\}", style)[:2]
    for block in blocks:
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        pairs = [(name, "page") for name in ("text", "quiet", "accent", "pass", "review", "fail")]
        pairs += [("stays-text", "stays"), ("mark-text", "mark"), ("text", "tint")]
        for text, ground in pairs:
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_nothing_is_checked_again_where_nothing_leaves(collected):
    assert recheck(collected["too_few"]) == ()
