"""The MoJ-DfE linked dataset in the common model, rule by rule."""

import pytest

from justice_analysis import engine
from justice_analysis.linkage.spine import build_spine
from justice_analysis.sources.mappings import moj_dfe, moj_dfe_schooling, moj_dfe_social_care
from tests.delivered import context_of, contract_tables, plain, rows_of, set_aside

PUPIL = "pupil_reference_anonymised"


def pupil(reference, **columns):
    return {PUPIL: reference, **columns}


def year(reference, when="2012/2013", **columns):
    return {PUPIL: reference, "academic_year": when, **columns}


def offence(number, person="p", occasion="o1", **columns):
    return {
        "offence_id": number,
        "pnc_person_anonymised": person,
        "disposal_event_id": occasion,
        "offence_date": "2012-05-01",
        "disposal_date": "2012-06-01",
        "offence_group": "theft",
        "disposal": "youth_caution",
        **columns,
    }


def offender(person="p", **columns):
    return {"pnc_person_anonymised": person, **columns}


@pytest.fixture
def map_rows(backend):
    def run(**rows):
        tables = contract_tables(backend, "moj_dfe", rows)
        context = context_of(backend, "moj_dfe", extract_date="2021-12-31")
        return moj_dfe.to_common(tables, context)

    return run


def joined(mapped, left, right, on, *columns):
    """Rows of two common tables joined by an id that both hold."""
    ours, theirs = mapped.tables[left].view(), mapped.tables[right].view()
    both = ours.inner_join(theirs, on, lname="{name}", rname="{name}_right")
    return plain(engine.execute(both.select(*columns)))


def test_offences_dealt_with_together_are_one_case_with_one_party(map_rows):
    mapped = map_rows(
        pnc_people=[offender("p", gender="M", month_of_birth="1997-03-01"), offender("q")],
        pnc_offences=[
            offence("1"),
            offence("2"),
            offence("3", occasion="o2", disposal_date="2013-01-01"),
            offence("4", person="q"),
        ],
    )
    assert rows_of(
        mapped, "case", "source_key", "jurisdiction", "case_type", "closed_date", "status"
    ) == [
        ("o1", "criminal", "pnc_record", "2012-06-01", "closed"),
        ("o1", "criminal", "pnc_record", "2012-06-01", "closed"),
        ("o2", "criminal", "pnc_record", "2013-01-01", "closed"),
    ]
    parties = joined(mapped, "party", "case", "case_id", "source_key", "role", "sex", "birth_month")
    assert parties == [
        ("o1", "defendant", "male", "1997-03-01"),
        ("o1", "defendant", None, None),
        ("o2", "defendant", "male", "1997-03-01"),
    ]
    charges = joined(mapped, "matter", "case", "case_id", "source_key", "source_key_right", "kind")
    assert charges == [
        ("1", "o1", "charge"),
        ("2", "o1", "charge"),
        ("3", "o2", "charge"),
        ("4", "o1", "charge"),
    ]
    parts = joined(mapped, "matter_party", "party", "party_id", "source_key", "part")
    assert parts == [(number, "defendant") for number in "1234"]


@pytest.mark.parametrize(
    ("disposal", "days", "expected"),
    [
        ("youth_caution", None, ("caution", "youth_caution", None, None)),
        ("adult_caution", None, ("caution", "adult_caution", None, None)),
        ("immediate_custody", 90, ("sentence", "immediate_custody", 90.0, "days")),
        ("community_sentence", None, ("sentence", "community_sentence", None, None)),
        ("strange", None, ("sentence", "code:strange", None, None)),
    ],
)
def test_a_disposal_is_a_caution_or_a_sentence(map_rows, disposal, days, expected):
    mapped = map_rows(
        pnc_people=[offender()], pnc_offences=[offence("1", disposal=disposal, custody_days=days)]
    )
    decided = joined(
        mapped, "decision", "matter", "matter_id",
        "decision_type", "decision", "amount", "amount_unit", "decision_date",
    )  # fmt: skip
    assert decided == [(*expected, "2012-06-01")]


def test_an_offence_after_its_disposal_has_no_day_and_is_counted(map_rows):
    mapped = map_rows(
        pnc_people=[offender()],
        pnc_offences=[offence("1"), offence("2", offence_date="2012-07-01")],
    )
    assert rows_of(mapped, "matter", "source_key", "alleged_date") == [
        ("1", "2012-05-01"),
        ("2", None),
    ]
    assert rows_of(mapped, "event", "source_key", "event_type", "event_date", "value_code") == [
        ("1", "offence", "2012-05-01", "theft")
    ]
    assert applied(mapped)["offence after its disposal made missing"] == 1


def applied(mapped):
    return {
        rule.name: int(engine.execute(rule.rows.filter(rule.applies).count()))
        for rule in mapped.rules
    }


def test_serious_violence_is_a_measure_of_the_offence(map_rows):
    mapped = map_rows(
        pnc_people=[offender()],
        pnc_offences=[
            offence("1", is_serious_violence=True, offence_group="robbery"),
            offence("2", is_serious_violence=False),
            offence("3"),
        ],
    )
    assert rows_of(mapped, "measure", "source_key", "concept", "date", "value_code") == [
        ("1", "serious_violence", "2012-06-01", "robbery")
    ]


def test_an_offender_and_a_pupil_with_one_reference_are_one_person(map_rows):
    mapped = map_rows(
        npd_pupils=[pupil("u1", gender="F", month_of_birth="1997-03-01"), pupil("u2")],
        pnc_people=[offender("p", **{PUPIL: "u1"}), offender("q")],
        pnc_offences=[offence("1"), offence("2", person="q")],
    )
    spine = build_spine(
        mapped.tables["record"], engine.materialise(mapped.tables["record_id_link"], step="links")
    )
    people = engine.execute(
        spine.people.inner_join(mapped.tables["record"], "record_id").select(
            "person_id", "source_table", "source_key"
        )
    )
    groups = people.groupby("person_id")["source_key"].apply(sorted).tolist()
    assert sorted(groups) == [["p", "u1"], ["u2"]]
    alone = spine.link.filter(spine.link.id_system == "record")
    assert plain(engine.execute(alone.select("source_key"))) == [("q",)]


@pytest.mark.parametrize(
    ("code", "group"),
    [("WHIT", "white"), ("CHIN", "asian"), ("AOEG", "other"), ("UNCL", None), (None, None)],
)
def test_a_pupils_ethnic_group_is_resolved_and_kept_as_recorded(map_rows, code, group):
    mapped = map_rows(npd_pupils=[pupil("u", ethnic_group_major=code, gender="F")])
    assert rows_of(mapped, "record", "sex", "ethnicity_group") == [("female", group)]
    kept = [("recorded_ethnicity", code)] if code else []
    assert rows_of(mapped, "measure", "concept", "value_code") == kept


def test_a_school_year_is_a_period_not_a_day(map_rows):
    mapped = map_rows(
        npd_pupils=[pupil("u")],
        npd_school_years=[
            year("u", school_type="special", fsm_eligible=True, sen_provision="S"),
            year("u", "2013/2014", fsm_eligible=False, sen_provision="K"),
            year("u", "2014/2015"),
            year("u", "last year"),
        ],
    )
    columns = ("concept", "from_date", "to_date", "date", "value_code")
    assert rows_of(mapped, "measure", *columns) == [
        ("free_school_meals", "2012-09-01", "2013-09-01", None, "eligible"),
        ("free_school_meals", "2013-09-01", "2014-09-01", None, "not_eligible"),
        ("school_year", "2012-09-01", "2013-09-01", None, "special"),
        ("school_year", "2013-09-01", "2014-09-01", None, None),
        ("school_year", "2014-09-01", "2015-09-01", None, None),
        ("special_educational_need", "2012-09-01", "2013-09-01", None, "statement_or_plan"),
        ("special_educational_need", "2013-09-01", "2014-09-01", None, "support"),
    ]
    assert set_aside(mapped, "npd_school_years") == {"": 3, moj_dfe_schooling.NO_YEAR: 1}


def test_absence_is_a_share_and_rows_that_give_none_are_set_aside(map_rows):
    mapped = map_rows(
        npd_pupils=[pupil("u")],
        npd_absence=[
            year("u", sessions_possible=380, sessions_missed=38),
            year("u", "2013/2014", sessions_possible=0, sessions_missed=0),
            year("u", "2014/2015", sessions_possible=10, sessions_missed=11),
            year("u", "2015/2016"),
            year("u", "2016/2017", sessions_possible=380),
        ],
    )
    assert rows_of(mapped, "measure", "concept", "value_number", "unit") == [
        ("absence_rate", 0.1, "share of possible sessions")
    ]
    assert set_aside(mapped, "npd_absence") == {
        "": 1,
        moj_dfe_schooling.NO_SESSIONS: 2,
        moj_dfe_schooling.NO_MISSED: 1,
        moj_dfe_schooling.TOO_MANY: 1,
    }


def test_exclusions_and_attainment_are_measures_of_their_year(map_rows):
    mapped = map_rows(
        npd_pupils=[pupil("u")],
        npd_exclusions=[
            year("u", exclusion_id="e1", exclusion_category="FIXD", sessions_excluded=4),
            year("u", exclusion_id="e2", exclusion_category="PERM"),
        ],
        npd_attainment=[
            year("u", "2008/2009", key_stage="KS2", expected_english_maths=True),
            year("u", "2013/2014", key_stage="KS4", expected_english_maths=False),
            year("v", "2013/2014", key_stage="KS4"),
        ],
    )
    assert set_aside(mapped, "npd_attainment") == {"": 2, moj_dfe_schooling.NO_RESULT: 1}
    columns = ("concept", "from_date", "value_code", "value_number")
    assert rows_of(mapped, "measure", *columns) == [
        ("attainment", "2008-09-01", "key_stage_2", 1.0),
        ("attainment", "2013-09-01", "key_stage_4", 0.0),
        ("exclusion", "2012-09-01", "fixed_period", 4.0),
        ("exclusion", "2012-09-01", "permanent", None),
    ]


def test_care_and_need_are_episodes_whose_missing_end_means_open_only_for_a_child(map_rows):
    mapped = map_rows(
        npd_pupils=[
            pupil("child", month_of_birth="2010-01-01"),
            pupil("adult", month_of_birth="1997-01-01"),
            pupil("unknown"),
        ],
        cla_episodes=[
            {
                "cla_episode_id": "1",
                PUPIL: "adult",
                "episode_start_date": "2010-02-01",
                "episode_end_date": "2011-02-01",
                "legal_status": "C2",
            },
            {"cla_episode_id": "2", PUPIL: "child", "episode_start_date": "2020-02-01"},
            {"cla_episode_id": "3", PUPIL: "adult", "episode_start_date": "2012-02-01"},
            {"cla_episode_id": "4", PUPIL: "child"},
        ],
        cin_episodes=[
            {
                "cin_episode_id": "1",
                PUPIL: "adult",
                "referral_date": "2010-02-01",
                "closure_date": "2009-02-01",
            },
            {"cin_episode_id": "2", PUPIL: "unknown", "referral_date": "2010-02-01"},
        ],
    )
    columns = (
        "kind", "source_key", "granularity", "start_date", "end_date", "start_reason", "end_reason",
    )  # fmt: skip
    assert rows_of(mapped, "episode", *columns) == [
        ("care", "1", "segment", "2010-02-01", "2011-02-01", "care_order", "ended"),
        ("care", "2", "segment", "2020-02-01", None, None, "open_at_extract"),
        ("care", "3", "segment", "2012-02-01", None, None, "missing"),
        ("child_in_need", "1", "journey", "2010-02-01", None, None, "missing"),
        ("child_in_need", "2", "journey", "2010-02-01", None, None, "missing"),
    ]
    assert set_aside(mapped, "cla_episodes") == {"": 3, moj_dfe_social_care.NO_START: 1}
    assert applied(mapped)["closure before referral made missing"] == 1


def test_the_mapping_runs_on_pupils_and_offences_alone(map_rows):
    mapped = map_rows(
        npd_pupils=[pupil("u")],
        pnc_people=[offender()],
        pnc_offences=[
            {
                "offence_id": "1",
                "pnc_person_anonymised": "p",
                "disposal_event_id": "o",
                "disposal_date": "2012-06-01",
            }
        ],
    )
    assert rows_of(mapped, "matter", "source_key", "code") == [("1", None)]
    assert rows_of(mapped, "decision", "source_key") == []
    assert rows_of(mapped, "measure", "source_key") == []
    assert rows_of(mapped, "coverage", "from_date", "to_date") == [("2000-01-01", "2021-12-31")]
