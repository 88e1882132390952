"""Delivered probation events and requirements in the common model, rule by rule."""

import pytest

from justice_analysis import codes, contracts
from justice_analysis.sources.mappings import probation as mapping
from justice_analysis.sources.mappings import probation_codes
from tests.delivered import context_of, contract_tables, rows_of, set_aside
from tests.rules import counted_rules, measured

EPISODE = ("source_key", "kind", "start_date", "end_date", "end_reason")
ORDER = "ORA Community Order"


def event(row, of=None, disposal=ORDER, start="2016-02-01", end="2017-02-01", **columns):
    return {
        "row_id_hash": row,
        "event_id_hash": of or row,
        "referral_date": "2016-01-20",
        "disposal_type_description": disposal,
        "disposal_date": start,
        "disposal_termination_date": end,
        **columns,
    }


def requirement(of, category="Unpaid Work", **columns):
    return {
        "event_id_hash": of,
        "rqmnt_type_main_category_desc": category,
        "rqmnt_start_date": "2016-02-01",
        "rqmnt_termination_date": "2016-08-01",
        **columns,
    }


@pytest.fixture
def map_rows(backend):
    def run(*events, requirements=()):
        rows = {
            "moj_probation_flatfile": list(events),
            "moj_probation_rqmnts": list(requirements),
        }
        tables = contract_tables(backend, "probation", rows)
        context = context_of(backend, "probation", extract_date="2020-12-31")
        return mapping.to_common(tables, context)

    return run


@pytest.mark.parametrize(
    ("disposal", "kind"),
    [
        (ORDER, "probation"),
        ("SA2020 Suspended Sentence Order", "probation"),
        ("ORA Adult Custody (inc PSS)", "licence"),
        ("ora adult custody  (inc pss)", "licence"),
        ("Licence", "licence"),
        ("Post Sentence Supervision", "post_sentence_supervision"),
        ("Bound Over", "code:Bound Over"),
    ],
)
def test_a_disposal_is_an_episode_of_its_kind(map_rows, disposal, kind):
    mapped = map_rows(event("a", disposal=disposal))
    assert rows_of(mapped, "episode", *EPISODE) == [
        ("a", kind, "2016-02-01", "2017-02-01", "ended")
    ]


def test_every_listed_disposal_is_a_kind_of_supervision_of_ours():
    contract = contracts.load("probation").table("moj_probation_flatfile")
    assert contract.field("disposal_type_description").codes == tuple(probation_codes.DISPOSALS)
    assert set(probation_codes.DISPOSALS.values()) == set(codes.SUPERVISIONS)


def test_every_listed_requirement_and_reason_is_one_of_ours():
    contract = contracts.load("probation").table("moj_probation_rqmnts")
    category = contract.field("rqmnt_type_main_category_desc")
    reason = contract.field("rqmnt_termination_reason_desc")
    assert category.codes == tuple(probation_codes.REQUIREMENTS)
    assert set(probation_codes.REQUIREMENTS.values()) == set(codes.REQUIREMENTS)
    assert reason.codes == tuple(probation_codes.REQUIREMENT_ENDS)
    assert set(probation_codes.REQUIREMENT_ENDS.values()) == set(codes.REQUIREMENT_ENDS)
    assert set(probation_codes.REQUIREMENT_UNITS) < set(codes.REQUIREMENTS)


def test_a_referral_is_an_event_with_or_without_a_disposal(map_rows):
    mapped = map_rows(
        event("a", probation_area_desc="Wales"),
        event("b", disposal=None, start=None, end=None),
        event("c", referral_date=None),
    )
    found = rows_of(mapped, "event", "source_key", "event_type", "event_date", "value_code")
    assert found == [
        ("a", "referral", "2016-01-20", "probation"),
        ("b", "referral", "2016-01-20", None),
    ]
    assert [row[0] for row in rows_of(mapped, "episode", "source_key")] == ["a", "c"]
    assert rows_of(mapped, "event", "place_id")[0] == rows_of(mapped, "place", "place_id")[0]
    assert rows_of(mapped, "place", "kind", "name") == [("probation_area", "Wales")]


def test_one_row_of_an_event_is_used_the_one_that_says_most(map_rows):
    mapped = map_rows(
        event("a", "e", end=None),
        event("b", "e"),
        event("c", "e", disposal=None, start=None, end=None, referral_date="2019-01-01"),
        event("d", "f", referral_date="2016-01-10"),
        event("x", "f", referral_date="2016-01-11"),
    )
    assert [row[0] for row in rows_of(mapped, "episode", "source_key")] == ["b", "x"]
    assert [row[0] for row in rows_of(mapped, "record", "source_key")] == ["b", "x"]
    assert set_aside(mapped, "moj_probation_flatfile") == {"": 2, mapping.REPEATED: 3}


def test_events_without_an_event_key_are_events_of_their_own(map_rows):
    mapped = map_rows(event("a") | {"event_id_hash": None}, event("b") | {"event_id_hash": None})
    assert len(rows_of(mapped, "episode", "source_key")) == 2


def test_supervision_long_past_its_length_is_not_open(map_rows):
    mapped = map_rows(
        event("a", end=None, length_in_days=365.0),
        event("b", start="2019-02-01", end=None, length_in_days=365.0),
        event("c", end=None),
        event("d", end=None, length_in_days=99999.0),
    )
    assert dict(rows_of(mapped, "episode", "source_key", "end_reason")) == {
        "a": "missing",
        "b": "open_at_extract",
        "c": "open_at_extract",
        "d": "open_at_extract",
    }
    counts = counted_rules(mapped)
    assert counts["moj_probation_flatfile", "end not recorded: long overdue at the extract"] == 1
    assert counts["moj_probation_flatfile", "placeholder in length made missing"] == 1


def test_exchanged_days_and_placeholders_are_mended_and_counted(map_rows):
    mapped = map_rows(
        event("a", start="2017-02-01", end="2016-02-01"), event("b", end="9999-12-31")
    )
    assert rows_of(mapped, "episode", *EPISODE) == [
        ("a", "probation", "2016-02-01", "2017-02-01", "ended"),
        ("b", "probation", "2016-02-01", None, "open_at_extract"),
    ]
    counts = counted_rules(mapped)
    assert counts["moj_probation_flatfile", "disposal and its end exchanged"] == 1
    assert (
        counts["moj_probation_flatfile", "placeholder in disposal_termination_date made missing"]
        == 1
    )


@pytest.mark.parametrize(
    ("ethnicity", "group", "code"),
    [
        ("White : Irish", "white", "W2"),
        ("White: British/English/Welsh/Scottish/Northern Irish", "white", "W1"),
        ("White: Gypsy, Irish Traveller, Romany", "white", "W3"),
        ("Mixed : Other", "mixed", "M9"),
        ("Asian or Asian British: Chinese", "asian", "A4"),
        ("Chinese", "asian", "A4"),
        ("Arab", "other", "O2"),
        ("Other Ethnic Group", "other", "O9"),
    ],
)
def test_ethnicity_in_words_is_a_code_and_a_group(map_rows, ethnicity, group, code):
    mapped = map_rows(event("a", ethnicity_desc=ethnicity))
    assert rows_of(mapped, "record", "ethnicity_group") == [(group,)]
    assert measured(mapped, "recorded_ethnicity", "value_code", "basis") == [
        (code, "administrative")
    ]


def test_each_published_ethnicity_is_a_group_or_none(map_rows):
    listed = contracts.load("probation").table("moj_probation_flatfile").field("ethnicity_desc")
    mapped = map_rows(*[event(word, ethnicity_desc=word) for word in listed.codes])
    without = {row for row, group in rows_of(mapped, "record", "source_key", "ethnicity_group")
               if group is None}  # fmt: skip
    assert without == {"Refusal", "Z_Dummy Ethnicity 04", "Z_Dummy Ethnicity 05"}
    told = counted_rules(mapped)
    assert told["moj_probation_flatfile", "no ethnic group: refusal, filler or blank"] == 3


def test_age_rank_offence_and_recalls_are_measures_where_they_can_be(map_rows):
    mapped = map_rows(
        event(
            "a", age_at_offence=30, imd_rank=500, recall_count=2, mo_category_description="theft"
        ),
        event("b", age_at_offence=130, imd_rank=0, recall_count=0),
    )
    assert measured(mapped, "age") == [("a", 30.0, None)]
    assert measured(mapped, "imd_rank") == [("a", 500.0, None)]
    assert measured(mapped, "recall_count") == [("a", 2.0, None)]
    assert measured(mapped, "main_offence") == [("a", None, "theft")]
    counts = counted_rules(mapped)
    assert counts["moj_probation_flatfile", "zero rank of deprivation made missing"] == 1
    assert counts["moj_probation_flatfile", "impossible age made missing"] == 1


@pytest.mark.parametrize(
    ("category", "code", "unit"),
    [
        ("Unpaid Work", "unpaid_work", "hours"),
        ("Alcohol Abstinence & Electronic Monitoring (AAMR)", "alcohol_abstinence", "days"),
        ("Alcohol Treatment", "alcohol_treatment", "months"),
        ("Curfew", "curfew", None),
        ("Residence", "code:Residence", None),
    ],
)
def test_a_requirement_keeps_its_length_in_the_unit_that_is_known(map_rows, category, code, unit):
    mapped = map_rows(event("a"), requirements=[requirement("a", category, length=12.5)])
    columns = ("value_code", "value_number", "unit", "from_date", "to_date")
    assert measured(mapped, "requirement", *columns) == [
        (code, 12.5, unit, "2016-02-01", "2016-08-01")
    ]


def test_a_requirement_belongs_to_the_record_of_the_row_of_its_event_that_is_used(map_rows):
    mapped = map_rows(
        event("a", "e", end=None),
        event("b", "e"),
        requirements=[
            requirement("e", rqmnt_termination_reason_desc="Requirement Completed"),
            requirement("gone"),
        ],
    )
    record = rows_of(mapped, "record", "record_id")
    assert measured(mapped, "requirement", "record_id") == record
    assert measured(mapped, "requirement_end", "record_id", "value_code", "date") == [
        (record[0][0], "completed", "2016-08-01")
    ]
    assert set_aside(mapped, "moj_probation_rqmnts") == {"": 1, mapping.NO_EVENT: 1}


def test_equal_requirements_are_each_a_measure_with_a_key_of_its_own(map_rows):
    mapped = map_rows(event("a"), requirements=[requirement("a")] * 3)
    assert len(set(measured(mapped, "requirement", "measure_id"))) == 3
