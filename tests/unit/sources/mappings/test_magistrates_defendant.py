"""The magistrates' courts' delivered tables in the common model, rule by rule."""

import pytest

from justice_analysis import engine
from justice_analysis.sources.cleaning import clean_extract
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.mappings import magistrates_defendant
from justice_analysis.warehouse.accounts import applied_rules
from tests.delivered import context_of, contract_tables, plain, rows_of, set_aside


def defendant(row, case="a", **columns):
    return {
        "row_id_hash": row,
        "case_id_hash": case,
        "offence_date": "2016-01-01",
        "charge_date": "2016-02-01",
        "receipt_date": "2016-02-02",
        "first_hearing_date": "2016-03-01",
        "final_result_date": "2016-04-01",
        "court_code": "7",
        "gender": "F",
        "birth_month": "1990-01-01",
        "offence_group": "theft",
        **columns,
    }


def offence(key, row, **columns):
    return {"offence_id_hash": key, "row_id_hash": row, "offence_group": "theft", **columns}


@pytest.fixture
def map_rows(backend):
    def run(defendants, offences=(), courts=(), extract_date="2023-03-31"):
        tables = contract_tables(
            backend,
            "magistrates_defendant",
            {
                "mags_defendant_case": list(defendants),
                "mags_offence": list(offences),
                "courts": list(courts),
            },
        )
        context = context_of(backend, "magistrates_defendant", extract_date=extract_date)
        return magistrates_defendant.to_common(tables, context)

    return run


def joined(mapped, left, right, on, *columns):
    """Rows of two common tables that share an id, as sorted tuples."""
    one, other = mapped.tables[left], mapped.tables[right]
    return plain(engine.execute(one.inner_join(other, on).select(*columns)))


def counts(mapped):
    return {
        (found["table"], found["rule"]): found["rows"]
        for found in applied_rules(mapped)
        if found["rows"]
    }


def test_defendants_of_one_case_are_parties_of_one_case(map_rows):
    mapped = map_rows([defendant("r1"), defendant("r2"), defendant("r3", case="b")])
    assert rows_of(mapped, "case", "source_key", "jurisdiction", "case_type", "status") == [
        ("a", "criminal", "magistrates", "closed"),
        ("b", "criminal", "magistrates", "closed"),
    ]
    shared = joined(mapped, "party", "case", "case_id", "source_key", "source_key_right", "role")
    assert shared == [
        ("r1", "a", "defendant"),
        ("r2", "a", "defendant"),
        ("r3", "b", "defendant"),
    ]


def test_a_case_is_closed_when_all_of_its_defendants_are(map_rows):
    mapped = map_rows(
        [
            defendant("r1", final_result_date="2016-04-01"),
            defendant("r2", final_result_date="2016-05-01"),
            defendant("r3", case="b"),
            defendant("r4", case="b", final_result_date=None),
            defendant("r5", case="c", receipt_date="2023-01-02", final_result_date=None),
        ]
    )
    assert rows_of(mapped, "case", "source_key", "closed_date", "status", "received_date") == [
        ("a", "2016-05-01", "closed", "2016-02-02"),
        ("b", None, "stale", "2016-02-02"),
        ("c", None, "open", "2023-01-02"),
    ]


def test_a_case_without_receipt_arrived_on_its_charge_or_first_hearing(map_rows):
    mapped = map_rows(
        [
            defendant("r1", receipt_date=None),
            defendant("r2", case="b", receipt_date=None, charge_date=None),
        ]
    )
    assert rows_of(mapped, "case", "source_key", "received_date") == [
        ("a", "2016-02-01"),
        ("b", "2016-03-01"),
    ]


def test_offences_are_charges_and_the_summary_does_not_count_again(map_rows):
    mapped = map_rows(
        [defendant("r1", plea="guilty", verdict="guilty", disposal="fine")],
        [
            offence(
                "o1", "r1", is_principal=True, plea="guilty", verdict="guilty", disposal="fine"
            ),
            offence("o2", "r1", is_principal=False, offence_group="robbery", verdict="not_guilty"),
        ],
    )
    assert rows_of(mapped, "matter", "source_table", "source_key", "kind", "code") == [
        ("mags_offence", "o1", "charge", "theft"),
        ("mags_offence", "o2", "charge", "robbery"),
    ]
    decided = rows_of(
        mapped, "decision", "source_key", "decision_type", "decision", "is_principal", "attribution"
    )
    assert decided == [
        ("o1", "plea", "guilty", True, "matter"),
        ("o1", "sentence", "fine", True, "matter"),
        ("o1", "verdict", "guilty", True, "matter"),
        ("o2", "verdict", "not_guilty", False, "matter"),
    ]


def test_a_defendant_without_offence_rows_is_charged_as_the_summary_says(map_rows):
    mapped = map_rows(
        [defendant("r1"), defendant("r2", plea="not_guilty", offence_group=None, offence_code="9")],
        [offence("o1", "r1", offence_group="fraud")],
    )
    assert rows_of(mapped, "matter", "source_table", "source_key", "code") == [
        ("mags_defendant_case", "r2", "9"),
        ("mags_offence", "o1", "fraud"),
    ]
    assert rows_of(mapped, "decision", "source_key", "decision", "attribution") == [
        ("r2", "not_guilty", "case")
    ]


def test_what_only_the_summary_says_goes_to_the_principal_offence(map_rows):
    mapped = map_rows(
        [
            defendant(
                "r1",
                plea="guilty",
                verdict="guilty",
                disposal="immediate_custody",
                sentence_length_days=30,
                remand_status="custody",
            )
        ],
        [offence("o1", "r1", is_principal=False), offence("o2", "r1", is_principal=True)],
    )
    columns = ("source_key", "decision_type", "decision", "amount", "amount_unit", "attribution")
    assert rows_of(mapped, "decision", *columns) == [
        ("o2", "plea", "guilty", None, None, "case"),
        ("o2", "remand", "custody", None, None, "case"),
        ("o2", "sentence", "immediate_custody", 30.0, "days", "case"),
        ("o2", "verdict", "guilty", None, None, "case"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "principal"),
    [
        ({"disposal": "fine"}, {"disposal": "community_sentence"}, "o2"),
        ({"disposal": None}, {"disposal": "other_disposal"}, "o2"),
        (
            {"disposal": "immediate_custody", "sentence_length_days": 10},
            {"disposal": "immediate_custody", "sentence_length_days": 20},
            "o2",
        ),
        ({}, {}, "o1"),
        ({"is_principal": True}, {"disposal": "immediate_custody"}, "o1"),
    ],
)
def test_each_defendant_has_one_principal_offence_flagged_or_the_most_severe(
    map_rows, first, second, principal
):
    mapped = map_rows(
        [defendant("r1", remand_status="bail")],
        [offence("o1", "r1", **first), offence("o2", "r1", **second)],
    )
    remands = mapped.tables["decision"].filter(lambda rows: rows.decision_type == "remand")
    assert plain(engine.execute(remands.select("source_key"))) == [(principal,)]


def test_a_breach_is_no_charge(map_rows):
    mapped = map_rows([defendant("r1", breach_marker="Y"), defendant("r2", breach_marker="n")])
    assert rows_of(mapped, "matter", "source_key", "kind", "code") == [
        ("r1", "application", "breach"),
        ("r2", "charge", "theft"),
    ]


def test_matters_are_tied_to_their_defendant_and_case(map_rows):
    mapped = map_rows(
        [defendant("r1"), defendant("r2", case="b")],
        [offence("o1", "r1", offence_date="2015-12-01")],
    )
    tied = mapped.tables["matter_party"].inner_join(
        mapped.tables["party"].select("party_id", party="source_key"), "party_id"
    )
    assert plain(engine.execute(tied.select("source_key", "party", "part"))) == [
        ("o1", "r1", "defendant"),
        ("r2", "r2", "defendant"),
    ]
    assert joined(mapped, "matter", "case", "case_id", "source_key", "source_key_right") == [
        ("o1", "a"),
        ("r2", "b"),
    ]
    assert rows_of(
        mapped, "matter", "source_key", "alleged_date", "received_date", "disposed_date"
    ) == [
        ("o1", "2015-12-01", "2016-02-02", "2016-04-01"),
        ("r2", "2016-01-01", "2016-02-02", "2016-04-01"),
    ]


def test_events_are_the_dates_of_each_defendant(map_rows):
    mapped = map_rows([defendant("r1", sent_to_crown="sent_for_trial"), defendant("r2")])
    first = mapped.tables["event"].filter(lambda rows: rows.source_key == "r1")
    assert plain(engine.execute(first.select("event_type", "event_date", "value_code"))) == [
        ("charge", "2016-02-01", None),
        ("completed", "2016-04-01", None),
        ("first_hearing", "2016-03-01", None),
        ("offence", "2016-01-01", None),
        ("received", "2016-02-02", None),
        ("sent_to_crown", "2016-04-01", "trial"),
    ]
    assert len(rows_of(mapped, "event", "event_type")) == 11


def test_both_ethnicities_are_measures_and_the_defendants_own_decides_the_group(map_rows):
    mapped = map_rows(
        [
            defendant("r1", ethnicity_self_defined="A4", ethnicity_officer="5"),
            defendant("r2", ethnicity_self_defined="NS", ethnicity_officer="3"),
            defendant("r3", ethnicity_self_defined="ns", ethnicity_officer="9"),
        ]
    )
    assert rows_of(mapped, "party", "source_key", "ethnicity_group", "sex") == [
        ("r1", "asian", "female"),
        ("r2", "black", "female"),
        ("r3", None, "female"),
    ]
    assert rows_of(mapped, "measure", "source_key", "concept", "basis", "value_code", "date") == [
        ("r1", "recorded_ethnicity", "officer_identified", "5", "2016-03-01"),
        ("r1", "recorded_ethnicity", "self_defined", "A4", "2016-03-01"),
        ("r2", "recorded_ethnicity", "officer_identified", "3", "2016-03-01"),
    ]


def test_age_is_a_measure_where_no_month_of_birth_is_known(map_rows):
    mapped = map_rows(
        [
            defendant("r1", age=26),
            defendant("r2", birth_month=None, age=30),
            defendant("r3", birth_month=None, age=999),
        ]
    )
    assert rows_of(mapped, "measure", "source_key", "concept", "value_number", "unit") == [
        ("r2", "age", 30.0, "years")
    ]


def test_the_id_within_the_dataset_is_an_identifier_with_the_systems_name_before_it(map_rows):
    mapped = map_rows([defendant("r1", estimated_offender_id="77"), defendant("r2")])
    assert rows_of(mapped, "record_id_link", "source_key", "id_system", "identifier") == [
        ("r1", "estimated_offender", "libra:77")
    ]
    linked = joined(mapped, "record_id_link", "party", "record_id", "source_key_right")
    assert linked == [("r1",)]


def test_without_a_list_of_courts_coverage_is_one_row_and_courts_are_those_named(map_rows):
    mapped = map_rows([defendant("r1"), defendant("r2", court_code=None)])
    assert rows_of(mapped, "coverage", "place_id", "from_date", "to_date") == [
        (None, "2011-01-01", "2023-03-31")
    ]
    assert rows_of(mapped, "place", "kind", "name", "parent_id", "source_table") == [
        ("court", "court 7", None, "mags_defendant_case")
    ]


COURTS = [
    {
        "court_code": "7",
        "court_name": "court seven",
        "local_justice_area": "20",
        "region": "3",
        "common_platform_from": "2021-05-01",
    },
    {"court_code": "8", "local_justice_area": "20", "region": "3"},
]


def test_with_a_list_of_courts_coverage_ends_where_each_moved_to_common_platform(map_rows):
    mapped = map_rows([defendant("r1"), defendant("r2", court_code="9")], courts=COURTS)
    told = joined(mapped, "coverage", "place", "place_id", "name", "from_date", "to_date", "reason")
    assert told == [
        ("court 8", "2011-01-01", "2023-03-31", "the courts' system, to the extract"),
        ("court 9", "2011-01-01", "2023-03-31", "the courts' system, to the extract"),
        ("court seven", "2011-01-01", "2021-05-01", "migrated to Common Platform"),
    ]


def test_courts_lie_in_local_justice_areas_and_these_in_regions(map_rows):
    mapped = map_rows([defendant("r1")], courts=COURTS)
    places = mapped.tables["place"]
    above = places.select(parent_id="place_id", parent="name")
    found = plain(
        engine.execute(places.left_join(above, "parent_id").select("kind", "name", "parent"))
    )
    assert found == [
        ("court", "court 8", "local justice area 20"),
        ("court", "court seven", "local justice area 20"),
        ("local_justice_area", "local justice area 20", "region 3"),
        ("region", "region 3", None),
    ]
    areas = places.select(area_id="place_id", area="name")
    cases = mapped.tables["case"].inner_join(areas, "area_id")
    assert plain(engine.execute(cases.select("source_key", "area"))) == [
        ("a", "local justice area 20")
    ]


def test_an_unfinished_case_in_a_court_that_moved_is_migrated(map_rows):
    mapped = map_rows(
        [
            defendant("r1", final_result_date=None),
            defendant("r2", case="b", court_code="8", final_result_date=None),
            defendant("r3", case="c"),
        ],
        courts=COURTS,
    )
    assert rows_of(mapped, "case", "source_key", "status") == [
        ("a", "migrated"),
        ("b", "stale"),
        ("c", "closed"),
    ]


def test_a_court_that_moves_after_the_extract_has_not_moved(map_rows):
    mapped = map_rows(
        [defendant("r1", final_result_date=None)], courts=COURTS, extract_date="2020-01-01"
    )
    assert rows_of(mapped, "case", "status") == [("stale",)]
    assert {to for (to,) in rows_of(mapped, "coverage", "to_date")} == {"2020-01-01"}


def test_every_rule_counts_the_rows_that_it_touched(map_rows):
    mapped = map_rows(
        [
            defendant("r1", offence_date="1900-01-01", gender="f", sent_to_crown="NO"),
            defendant("r2", first_hearing_date="2016-04-01", final_result_date="2016-03-01"),
            defendant("r3", final_result_date="2015-03-01", birth_month="1890-01-01"),
            defendant("r4", offence_date="2017-01-01", birth_month="2012-01-01", age=999),
            defendant("r5", age=3, verdict="ZZ"),
        ],
        [offence("o1", "r1", offence_date="9999-12-31", plea="GUILTY")],
    )
    summary = "mags_defendant_case"
    assert counts(mapped) == {
        (summary, "placeholder in offence_date made missing"): 1,
        (summary, "gender written in another way"): 1,
        (summary, "sent_to_crown written in another way"): 1,
        (summary, "first hearing and final result exchanged"): 1,
        (summary, "final result too early made missing"): 1,
        (summary, "century of birth mended"): 1,
        (summary, "offence after charge made missing"): 1,
        (summary, "impossible month of birth made missing"): 1,
        (summary, "placeholder in age made missing"): 1,
        (summary, "impossible age made missing"): 1,
        ("mags_offence", "placeholder in offence_date made missing"): 1,
        ("mags_offence", "plea written in another way"): 1,
    }
    assert rows_of(mapped, "party", "source_key", "birth_month") == [
        ("r1", "1990-01-01"),
        ("r2", "1990-01-01"),
        ("r3", "1990-01-01"),
        ("r4", None),
        ("r5", "1990-01-01"),
    ]
    assert ("r5", "code:ZZ") in rows_of(mapped, "decision", "source_key", "decision")


def test_every_delivered_row_is_used(map_rows):
    mapped = map_rows([defendant("r1")], [offence("o1", "r1")], COURTS)
    assert set_aside(mapped, "mags_defendant_case") == {"": 1}
    assert set_aside(mapped, "mags_offence") == {"": 1}
    assert set_aside(mapped, "courts") == {"": 2}


def test_only_the_published_columns_still_give_cases_and_defendants(map_rows):
    published = {"row_id_hash": "r1", "case_id_hash": "a", "final_result_date": "2016-04-01"}
    mapped = map_rows([published])
    assert rows_of(mapped, "case", "source_key", "status", "received_date", "closed_date") == [
        ("a", "closed", None, "2016-04-01")
    ]
    assert rows_of(mapped, "event", "event_type") == [("completed",)]
    assert rows_of(mapped, "matter", "kind", "code") == [("charge", None)]
    assert rows_of(mapped, "decision", "decision") == []
    assert rows_of(mapped, "coverage", "place_id") == [(None,)]


def test_an_extract_without_its_assumed_columns_loads_and_the_report_says_so(tmp_path, backend):
    (tmp_path / "mags_defendant_case.csv").write_text(
        "row_id_hash,case_id_hash,final_result_date\nr1,a,2016-04-01\n", encoding="utf-8"
    )
    extract = read_extract(tmp_path, "magistrates_defendant")
    clean = clean_extract(extract, backend)
    found = {one.column: one for one in clean.report.table("mags_defendant_case").findings}
    assert {found[name].consequence for name in ("plea", "offence_date")} == {"kept"}
    assert "assumed" in found["plea"].advice
    assert found["offence_date"].advice == "It is missing in every row."
    context = context_of(backend, "magistrates_defendant", extract_date="2023-03-31")
    mapped = magistrates_defendant.to_common(clean.tables, context)
    assert rows_of(mapped, "case", "source_key", "status") == [("a", "closed")]
