"""Profiles are checked when they are made, and may only be tightened."""

from __future__ import annotations

import copy
import dataclasses
import math

import pytest
import yaml

from justice_analysis import disclosure
from justice_analysis.disclosure.profiles import profile as profiles
from justice_analysis.disclosure.profiles.checks import least_base_to_round, stricter_of
from justice_analysis.disclosure.rounding import range_behind, to_base
from justice_analysis.errors import DisclosureError


def described(name: str = "ons-srs") -> dict:
    return copy.deepcopy(yaml.safe_load((profiles.SHIPPED / f"{name}.yaml").read_text("utf-8")))


def own(tmp_path, text: str | dict, name: str = "own.yaml"):
    path = tmp_path / name
    path.write_text(text if isinstance(text, str) else yaml.safe_dump(text), encoding="utf-8")
    return path


def based(**rules: dict) -> dict:
    return {"name": "own", "title": "Own rules", "based_on": "ons-srs", "rules": rules}


def rule(value: object, **more: str) -> dict:
    return {"value": value, "status": "confirmed", "source": "Letter of the owner.", **more}


def test_shipped_profiles_hold_the_published_rules():
    srs, open_data = disclosure.load("ons-srs"), disclosure.load("open")
    assert disclosure.names() == ("ons-srs", "open", "opensafely", "sail")
    assert (srs.minimum_count, srs.rounding_base, srs.zeros_disclosive) == (10, 5, True)
    assert (srs.dominance_n, srs.dominance_k, srs.p_ratio) == (2, 0.9, 0.1)
    assert srs.derived_from_rounded
    assert srs.survival_step == 10
    assert srs.file_types == ("csv", "png", "txt")
    assert (open_data.minimum_count, open_data.rounding_base) == (1, 1)
    assert "restricted" not in open_data.natures


def test_sail_hides_under_ten_zeros_too_and_shows_true_totals_of_tables():
    sail = disclosure.load("sail")
    assert (sail.minimum_count, sail.zeros_disclosive) == (10, True)
    assert sail.mechanism["table"] == "suppress"
    assert sail.mechanism["survival"] == "suppress_then_round"
    said = {row.rule: row for row in profiles.describe("sail")}
    assert "recalled" in said["minimum_count"].source


def test_opensafely_redacts_seven_or_fewer_and_rounds_eight_to_ten():
    place = disclosure.load("opensafely")
    assert (place.minimum_count, place.rounding_base) == (8, 5)
    assert to_base(place.minimum_count, place.rounding_base) == 10
    assert (place.max_rows, place.max_file_mb, place.extremes) == (5000, 16, False)


@pytest.mark.parametrize("name", ["ons-srs", "sail", "opensafely", "open"])
def test_every_shipped_rule_is_described_with_its_status_and_its_own_source(name):
    rows = profiles.describe(name)
    assert [row.rule for row in rows] == list(profiles.RULES)
    assert {row.status for row in rows} <= {"confirmed", "recalled", "ours"}
    assert all(len(row.source) > 15 and "as above" not in row.source.lower() for row in rows)
    assert all("_" not in row.value for row in rows)


def test_values_are_described_in_plain_words():
    said = {row.rule: row.value for row in profiles.describe("sail")}
    assert said["dominance_k"] == "90%"
    assert said["zeros_disclosive"] == "yes"
    assert said["named_places"].endswith("criminal justice area, local authority")
    assert said["mechanism"].startswith(
        "small cells hidden, with enough others; totals true (table, quotations)"
    )


def test_a_data_owners_own_file_is_a_profile(tmp_path):
    mine = described() | {"name": "own"}
    mine["rules"]["minimum_count"]["value"] = 20
    with pytest.raises(DisclosureError, match="survival_step must not be less"):
        disclosure.load(own(tmp_path, mine))
    mine["rules"]["survival_step"]["value"] = 20
    assert disclosure.load(own(tmp_path, mine)).minimum_count == 20


def test_an_own_profile_may_give_only_the_rules_that_differ(tmp_path):
    path = own(tmp_path, based(minimum_cases=rule(20), named_places=rule(["country"])))
    profile, base = disclosure.load(path), disclosure.load("ons-srs")
    assert (profile.name, profile.minimum_cases, profile.named_places) == ("own", 20, ("country",))
    assert profile == dataclasses.replace(
        base, name="own", title="Own rules", minimum_cases=20, named_places=("country",)
    )
    said = {row.rule: row for row in profiles.describe(path)}
    assert said["minimum_cases"].source == "Letter of the owner."
    assert said["rounding_base"].source == profiles.describe("ons-srs")[6].source


LOOSER = {
    "minimum_families": 3,
    "rounding_base": 1,
    "zeros_disclosive": False,
    "extremes": True,
    "dominance_k": 0.95,
    "p_ratio": 0.05,
    "max_rows": 501,
    "named_places": ["country", "court"],
    "mechanism": {"table": "suppress"},
}


@pytest.mark.parametrize("name", LOOSER)
def test_a_looser_rule_than_the_base_must_be_confirmed_and_say_why(name):
    looser = rule(LOOSER[name])
    with pytest.raises(DisclosureError, match=f"{name} is looser than in profile ons-srs"):
        profiles.from_mapping(based(**{name: looser}))
    why = {"looser_because": "The owner's letter of 1 May allows it."}
    with pytest.raises(DisclosureError, match="must be confirmed"):
        profiles.from_mapping(based(**{name: looser | why | {"status": "recalled"}}))
    profile = profiles.from_mapping(based(**{name: looser | why}))
    said = {row.rule: row.source for row in profiles.describe(profile)}
    assert said[name].endswith(
        "Looser than its base, because: The owner's letter of 1 May allows it."
    )


def test_a_base_must_be_a_profile_that_comes_with_the_package():
    with pytest.raises(DisclosureError, match="based_on must be one of ons-srs, open"):
        profiles.from_mapping(based() | {"based_on": "own.yaml"})
    with pytest.raises(DisclosureError, match="based_on must be one of"):
        profiles.from_mapping(based() | {"based_on": ["sail"]})


def test_an_own_profile_cannot_take_the_name_of_another(tmp_path):
    with pytest.raises(DisclosureError, match="sail comes with the package"):
        disclosure.load(own(tmp_path, described("sail")))


def test_every_problem_is_said_at_once():
    changed = described()
    rules = changed["rules"]
    rules["minimum_cuont"] = rules.pop("minimum_count")
    del rules["zeros_disclosive"]["source"]
    rules["extremes"]["value"] = "maybe"
    rules["rounding_base"]["status"] = "sure"
    rules["max_rows"]["source"] = "  "
    changed["owner"] = "us"
    with pytest.raises(DisclosureError) as raised:
        profiles.from_mapping(changed | {"title": None})
    for said in (
        "minimum_cuont is unknown",
        "minimum_count is missing",
        "zeros_disclosive must have a value, a status",
        "extremes must be true or false",
        "rounding_base must have a value, a status",
        "max_rows must have a value, a status",
        "owner is not a field",
        "title is missing",
    ):
        assert said in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("minimum_count", 0, "whole number"),
        ("minimum_count", True, "whole number"),
        ("minimum_count", "10", "whole number"),
        ("minimum_count", 10.0, "whole number"),
        ("minimum_count", None, "whole number"),
        ("minimum_count", 12, "12 becomes 10. Set minimum_count to 13"),
        ("zeros_disclosive", "yes", "true or false"),
        ("zeros_disclosive", 1, "true or false"),
        ("derived_from_rounded", False, "derived_from_rounded must be true"),
        ("dominance_k", math.nan, "share from 0 to 1"),
        ("dominance_k", math.inf, "share from 0 to 1"),
        ("dominance_k", True, "share from 0 to 1"),
        ("p_ratio", 10, "share from 0 to 1"),
        ("p_ratio", "0.1", "share from 0 to 1"),
        ("mechanism", {"table": "hope"}, "must be one of"),
        ("mechanism", {"table": ["none"]}, "must be one of"),
        ("mechanism", {"atlas": "none"}, "kind atlas, which is unknown"),
        ("mechanism", {"table": "none"}, "not allowed where restricted"),
        ("mechanism", "suppress", "one mechanism for each kind"),
        ("mechanism", {}, "one mechanism for each kind"),
        ("natures", ["secret"], "secret, which is unknown"),
        ("natures", [], "at least one"),
        ("file_types", "csv", "list of names"),
        ("file_types", [".csv"], "no dots"),
        ("file_types", ["csv", "csv"], "each once"),
        ("file_types", ["csv", False], "list of names"),
        ("named_places", {"country": "yes"}, "list of names"),
        ("named_places", 3, "list of names"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(name, value, said):
    changed = described()
    changed["rules"][name]["value"] = value
    with pytest.raises(DisclosureError, match=said):
        profiles.from_mapping(changed)


@pytest.mark.parametrize(
    ("minimum", "base", "is_safe"),
    [(10, 5, True), (8, 5, True), (7, 5, False), (12, 5, False), (13, 5, True), (6, 10, True)],
)
def test_no_number_shown_may_fall_below_the_minimum(minimum, base, is_safe):
    changed = described()
    changed["rules"]["minimum_count"]["value"] = minimum
    changed["rules"]["rounding_base"]["value"] = base
    changed["rules"]["survival_step"]["value"] = 20
    shown = {to_base(count, base) for count in range(minimum, 100)}
    assert (min(shown) >= minimum) == is_safe
    if is_safe:
        assert profiles.from_mapping(changed).minimum_count == minimum
    else:
        with pytest.raises(DisclosureError, match="may fall below minimum_count"):
            profiles.from_mapping(changed)


@pytest.mark.parametrize("minimum", [3, 5, 6, 8, 10])
def test_rounding_alone_is_refused_below_the_least_base_that_hides_small_counts(minimum):
    def hides(base: int) -> bool:
        ranges = [range_behind(to_base(count, base), base) for count in range(minimum)]
        return all(low == 0 and high >= minimum for low, high in ranges)

    least = next(base for base in range(1, 100) if hides(base))
    assert least == least_base_to_round(minimum)
    changed = described()
    changed["rules"]["minimum_count"]["value"] = minimum
    changed["rules"]["mechanism"]["value"] = {"table": "round"}
    changed["rules"]["rounding_base"]["value"] = least
    assert profiles.from_mapping(changed).rounding_base == least
    changed["rules"]["rounding_base"]["value"] = least - 1
    with pytest.raises(
        DisclosureError, match=f"with minimum_count {minimum} it is at least {least}"
    ):
        profiles.from_mapping(changed)


def test_rules_are_checked_where_a_profile_is_made_in_code_too(srs):
    with pytest.raises(DisclosureError, match=r"p_ratio must be a share(.|\n)*file_types must be"):
        dataclasses.replace(srs, p_ratio=math.nan, file_types="csv")


GUESSED = {
    "minimum_count: {value: 010": "whole number",  # plain YAML reads 8
    "minimum_count: {value: 1_0": "whole number",
    "minimum_count: {value: 0x10": "whole number",
    "minimum_count: {value: 1:30": "whole number",
    "minimum_count: {value: '10'": "whole number",
    "minimum_count: {value: .nan": "whole number",
    "dominance_k: {value: .nan": "share from 0 to 1",
    "extremes: {value: no": "true or false",  # plain YAML reads false
    "zeros_disclosive: {value: on": "true or false",
    "file_types: {value: csv": "list of names",
    "file_types: {value: [csv, ]]": "cannot be read",
}


@pytest.mark.parametrize("text", GUESSED)
def test_what_yaml_would_guess_at_is_refused(tmp_path, text):
    whole = (
        f"name: own\ntitle: Own\nbased_on: ons-srs\nrules:\n  {text}, status: ours, source: Us}}\n"
    )
    with pytest.raises(DisclosureError, match=GUESSED[text]):
        disclosure.load(own(tmp_path, whole))


def test_the_words_no_and_on_stay_words(tmp_path):
    text = "name: no\ntitle: on\nbased_on: ons-srs\nrules: {}\n"
    profile = disclosure.load(own(tmp_path, text))
    assert (profile.name, profile.title) == ("no", "on")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"rules: [", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"--- a\n--- b\n", "cannot be read"),
        (b"rules: !!python/object:os.system {}", "cannot be read"),
        (b"a: &a [*a]", "name, a title and rules"),
        (b"name: own\nname: own\n", r"a name stands twice \(line 1\)"),
        (b"", "name, a title and rules"),
        (b"- rules", "name, a title and rules"),
        (b"name: own\ntitle: Own\nrules: []\n", "name, a title and rules"),
        (b"#" * 1_000_001, "larger than a profile"),
    ],
)
def test_a_file_that_is_no_profile_is_refused(tmp_path, content, said):
    path = tmp_path / "own.yaml"
    path.write_bytes(content)
    with pytest.raises(DisclosureError, match=said):
        disclosure.load(path)


def test_a_folder_is_no_profile(tmp_path):
    with pytest.raises(DisclosureError, match="cannot be read"):
        disclosure.load(tmp_path)


def test_a_rule_that_stands_twice_is_refused(tmp_path):
    text = (profiles.SHIPPED / "ons-srs.yaml").read_text("utf-8").replace("ons-srs", "own")
    again = "  minimum_count:\n    value: 1\n    status: ours\n    source: Us\n"
    with pytest.raises(DisclosureError, match="a name stands twice"):
        disclosure.load(own(tmp_path, text + again))


def test_a_profile_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(DisclosureError, match="ons-srs, open"):
        disclosure.load("sail2")


def test_a_parameter_file_may_tighten(srs):
    tighter = disclosure.stricter(srs, {"minimum_count": 20, "rounding_base": 10})
    assert (tighter.minimum_count, tighter.rounding_base, tighter.survival_step) == (20, 10, 20)
    assert disclosure.stricter(srs, {"minimum_count": 10, "rounding_base": 5}) == srs
    assert disclosure.stricter(srs, None) == srs


def test_families_cases_and_tails_rise_with_the_minimum_but_organisations_do_not(srs):
    tighter = disclosure.stricter(srs, {"minimum_count": 20})
    assert (tighter.minimum_families, tighter.minimum_cases, tighter.percentile_tail) == (20,) * 3
    assert tighter.minimum_organisations == 3
    assert (
        disclosure.stricter(srs, {"minimum_families": 30, "minimum_count": 20}).minimum_families
        == 30
    )


TIGHTER = {
    "minimum_organisations": 5,
    "zeros_disclosive": True,
    "dominance_n": 3,
    "dominance_k": 0.8,
    "p_ratio": 0.2,
    "percentile_tail": 20,
    "degrees_of_freedom": 20,
    "survival_step": 20,
    "extremes": False,
    "named_places": ["country"],
    "file_types": ["csv", "txt"],
    "max_rows": 100,
    "max_outputs": 5,
    "max_file_mb": 1,
}


@pytest.mark.parametrize("name", TIGHTER)
def test_a_parameter_file_may_tighten_any_number_and_places_files_and_extremes(srs, name):
    tighter = disclosure.stricter(srs, {name: TIGHTER[name]})
    wanted = tuple(TIGHTER[name]) if isinstance(TIGHTER[name], list) else TIGHTER[name]
    assert getattr(tighter, name) == wanted
    assert profiles.from_mapping(described()) == srs  # and the profile itself stays as it is


@pytest.mark.parametrize(
    "looser",
    [
        {"minimum_count": 9},
        {"rounding_base": 1},
        {"zeros": False},
        {"zeros_disclosive": False},
        {"extremes": True},
        {"dominance_k": 0.95},
        {"p_ratio": 0.01},
        {"max_rows": 501},
        {"named_places": ["country", "court"]},
        {"file_types": ["csv", "svg"]},
        {"mechanism": {"table": "none"}},
        {"natures": ["open"]},
        {"derived_from_rounded": True},
    ],
)
def test_a_parameter_file_may_not_loosen(srs, looser):
    with pytest.raises(DisclosureError, match=r"stricter than profile|unknown"):
        disclosure.stricter(srs, looser)


@pytest.mark.parametrize(
    "wrong", [{"minimum_count": "20"}, {"named_places": "country"}, {"p_ratio": math.nan}]
)
def test_a_parameter_file_of_the_wrong_type_is_refused(srs, wrong):
    with pytest.raises(DisclosureError, match=rf"disclosure\.{next(iter(wrong))} must be"):
        disclosure.stricter(srs, wrong)
    with pytest.raises(DisclosureError, match="rules and values"):
        disclosure.stricter(srs, [*wrong])


def test_what_a_parameter_file_tightened_is_described_as_such(srs):
    said = {row.rule: row for row in profiles.describe(disclosure.stricter(srs, {"p_ratio": 0.2}))}
    assert said["p_ratio"].source.startswith("Stricter than profile ons-srs")
    assert said["minimum_count"].status == "recalled"


def test_tightening_the_open_profile_starts_to_protect():
    tighter = disclosure.stricter(
        disclosure.load("open"), {"minimum_count": 10, "rounding_base": 5}
    )
    assert tighter.protects("table")
    assert tighter.survival_step == 10


def test_shorter_tables_are_no_reason_to_protect_open_data():
    assert not disclosure.stricter(disclosure.load("open"), {"max_rows": 100}).protects("table")


def test_outputs_judged_together_obey_the_strictest_of_every_rule(srs):
    one = disclosure.stricter(srs, {"minimum_count": 20, "named_places": ["country", "region"]})
    two = disclosure.stricter(srs, {"p_ratio": 0.2, "named_places": ["local_authority", "region"]})
    both = profiles.strictest([one, two])
    assert (both.minimum_count, both.p_ratio, both.named_places) == (20, 0.2, ("region",))
    assert both == profiles.strictest([two, one])


def test_the_minimum_rises_where_the_base_of_another_would_round_it_down(srs):
    one = disclosure.stricter(srs, {"minimum_count": 13})
    two = disclosure.stricter(srs, {"rounding_base": 10})
    both = profiles.strictest([one, two])
    assert (both.minimum_count, both.rounding_base, both.survival_step) == (15, 10, 15)


def test_of_two_mechanisms_the_stricter_does_what_either_does():
    one = {"table": "none", "map": "suppress", "text": "round", "model": "none"}
    two = {"table": "round", "map": "round", "text": "round", "rates": "none"}
    assert stricter_of("mechanism", one, two) == {
        "table": "round",
        "map": "suppress_then_round",
        "text": "round",
    }


def test_rules_that_stand_for_the_minimum_rise_with_an_owners():
    said = {"status": "confirmed", "source": "Clause 4."}
    rules = {"minimum_count": {"value": 20, **said}, "minimum_cases": {"value": 30, **said}}
    owner = {"name": "owner", "title": "Owner", "based_on": "ons-srs", "rules": rules}
    made = profiles.from_mapping(owner)
    assert (made.minimum_families, made.percentile_tail, made.survival_step) == (20, 20, 20)
    assert (made.minimum_cases, made.minimum_organisations) == (30, 3)
    assert made.sources["survival_step"].source.startswith("Rises with minimum_count")
