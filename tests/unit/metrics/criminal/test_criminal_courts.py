"""Options, bad input and outputs of the metrics of the criminal courts."""

from __future__ import annotations

import pytest

from justice_analysis import definitions
from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.first_look import first_look
from justice_analysis.disclosure.profiles.profile import load
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics import criminal
from tests.spec import tables
from tests.spec.criminal_courts import court_warehouse

METRICS = {
    "case_attrition": {"court": "magistrates"},
    "conviction": {"court": "magistrates", "of": "all"},
    "criminal_completion": {},
    "criminal_receipts_and_disposals": {"court": "magistrates"},
    "criminal_timeliness": {},
    "guilty_pleas": {"court": "magistrates"},
    "open_caseload": {"source": "magistrates_defendant"},
    "sentencing_by_court": {"court": "magistrates"},
    "stock_and_flow": {"source": "magistrates_defendant"},
}
GAPS = (
    "guilty_plea_stage",
    "sitting_days",
    "trial_effectiveness",
    "unrepresented_defendants",
    "victim_attrition",
)
ONE = """
row | case | type | person | court | offence | charged | received | heard | ended | code | plea \
| verdict | sentence | days
a | A | magistrates | 1 | m:1 | 2020-01-01 | 2020-01-31 | 2020-01-31 | 2020-02-10 | 2020-07-10 \
| theft | guilty | guilty | immediate_custody | 30
"""
OPEN = """
row | case | type | person | court | offence | charged | received | heard | ended
a | A | magistrates | 1 | m:1 | 2020-01-01 | 2020-01-31 | 2020-01-31 | 2020-02-10 | -
"""


@pytest.fixture(scope="module")
def one(backend):
    return court_warehouse(backend, ONE)


@pytest.fixture(scope="module")
def unfinished(backend):
    return court_warehouse(backend, OPEN)


def run(name, warehouse, **options):
    return definitions.get(name).compute(warehouse, **{**METRICS[name], **options})


@pytest.mark.parametrize("name", METRICS)
def test_a_warehouse_without_the_cases_is_refused_in_one_sentence(backend, name):
    with pytest.raises(MetricError, match=r"needs|must be known|states none") as raised:
        run(name, tables.warehouse(backend, {}))
    assert str(raised.value).count(". ") <= 2


@pytest.mark.parametrize("name", METRICS)
def test_an_unknown_option_is_refused(one, name):
    with pytest.raises(OptionError, match="has no option judge"):
        run(name, one, judge="x")


@pytest.mark.parametrize("name", METRICS)
def test_one_person_gives_a_result_without_missing_numbers(one, name):
    found = run(name, one)
    outputs = (
        [found.estimates("x"), found.over_time("x")]
        if name == "criminal_completion"
        else [found.output("x", key) for key in found.outputs]
    )
    for output in outputs:
        assert isinstance(output, Output)
        counts = output.table[list(output.roles.counts)]
        assert counts.notna().all().all()
        assert (counts >= 0).all().all()
        assert output.card == name


@pytest.mark.parametrize("name", sorted(set(METRICS) - {"open_caseload", "stock_and_flow"}))
def test_open_cases_alone_are_counted_or_said_to_leave_nobody(unfinished, name):
    nobody = {"conviction", "criminal_timeliness", "guilty_pleas", "sentencing_by_court"}
    if name in nobody or name == "criminal_receipts_and_disposals":
        with pytest.raises(MetricError, match="none is left"):
            run(name, unfinished)
    elif name == "criminal_completion":
        assert run(name, unfinished).curve["events"].sum() == 0
    else:
        assert "case not ended" in set(run(name, unfinished).table["outcome"])


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("criminal_timeliness", {"court": "crown", "stage": "offence_to_charge"}, "stage must be"),
        ("criminal_timeliness", {"by": ("quarter", "year")}, "one period at most"),
        ("criminal_timeliness", {"by": ("judge",)}, "by must be among"),
        ("criminal_timeliness", {"percentiles": (100,)}, "between 0 and 100"),
        ("criminal_timeliness", {"ended_from": "2021-01-01", "ended_to": "2020-01-01"}, "before"),
        ("criminal_timeliness", {"ended_from": "soon"}, "written YYYY-MM-DD"),
        ("criminal_completion", {"court": "crown", "start": "charge"}, "charge is not"),
        ("criminal_completion", {"horizons": (0,)}, "above 0"),
        ("criminal_receipts_and_disposals", {"unit": "case", "by": ("offence_group",)}, "several"),
        ("sentencing_by_court", {"strata": ()}, "strata must be"),
        ("sentencing_by_court", {"least_mix": 0}, "least_mix"),
        ("sentencing_by_court", {"level": "judge"}, "level must be"),
        ("conviction", {"mixed": "most"}, "mixed must be"),
        ("case_attrition", {"by": ("court",)}, "by must be among"),
        ("stock_and_flow", {"period": "week"}, "period must be"),
    ],
)
def test_options_that_contradict_each_other_are_refused(one, name, options, message):
    with pytest.raises(OptionError, match=message):
        run(name, one, **options)


def test_every_case_ending_before_it_began_leaves_nobody_and_no_number(backend):
    backwards = ONE.replace("2020-07-10", "2019-07-10")
    with pytest.raises(MetricError, match="dates in order"):
        run("criminal_timeliness", court_warehouse(backend, backwards))


def test_a_caseload_without_a_whole_period_of_coverage_is_refused(backend):
    drawn = court_warehouse(
        backend,
        ONE,
        coverage="""
        source                | place | from       | to         | reason
        magistrates_defendant | -     | 2020-01-01 | 2020-04-15 | the extract
        """,
    )
    for name in ("open_caseload", "stock_and_flow"):
        with pytest.raises(MetricError, match="whole quarter"):
            run(name, drawn)


def test_days_of_a_caseload_must_hold_the_end_of_a_period(one):
    with pytest.raises(MetricError, match="none does"):
        run("open_caseload", one, first="2020-02-01", until="2020-02-20")


@pytest.mark.parametrize("name", GAPS)
def test_what_no_dataset_holds_is_shown_and_refused(one, name):
    metric = definitions.get(name)
    assert metric.card.status == "unbacked"
    assert metric.card.gap.missing in metric.card.text().replace("\n            ", " ")
    with pytest.raises(MetricError, match=f"{name} cannot be computed: no known dataset holds"):
        metric.compute(one)


@pytest.mark.parametrize("name", METRICS)
def test_cards_say_what_does_not_count_and_are_computable(name):
    card = definitions.get(name).card
    assert card.subject == "criminal courts"
    assert card.status in ("backed", "assumed")
    assert len(card.does_not_count) >= 2
    assert "judge" not in {option.name for option in card.options}


def test_population_is_one_whatever_is_shown_and_another_for_other_people(one):
    plain = run("criminal_timeliness", one)
    grouped = run("criminal_timeliness", one, by=("offence_group",), percentiles=(50,))
    other = run("criminal_timeliness", one, breaches="count")
    assert plain.population_hash == grouped.population_hash != other.population_hash
    assert plain.output("x").family == other.output("x").family


def many(backend):
    """Enough defendants in two regions for every rule to have numbers to judge."""
    days = ["2020-02-10", "2020-05-10", "2020-08-10"]
    lines = [line for line in ONE.strip().splitlines()[:1]]
    for number in range(240):
        plea = "guilty" if number % 3 else "not_guilty"
        verdict = "guilty" if number % 5 else "not_guilty"
        custody = number % 4 == 0 and verdict == "guilty"
        sentence = ("immediate_custody" if custody else "fine") if verdict == "guilty" else "-"
        lines.append(
            f"r{number} | c{number} | magistrates | p{number} | m:{number % 2} | 2020-01-01 "
            f"| 2020-01-31 | 2020-01-31 | 2020-02-10 | {days[number % 3]} | "
            f"{'theft' if number % 7 else 'robbery'} | {plea} | {verdict} | {sentence} "
            f"| {30 + number if custody else '-'}"
        )
    places = """
    place | kind   | name     | parent
    m:0   | court  | court A  | r:1
    m:1   | court  | court B  | r:2
    r:1   | region | region 1 | -
    r:2   | region | region 2 | -
    """
    return court_warehouse(backend, "\n".join(lines), places=places)


def test_outputs_pass_the_first_look_of_disclosure_control(backend):
    profile, warehouse = load("ons-srs"), many(backend)
    runs = [
        ("criminal_timeliness", {"by": ("region",)}),
        ("criminal_timeliness", {"by": ("quarter", "offence_group")}),
        ("criminal_receipts_and_disposals", {"by": ("region",)}),
        ("criminal_receipts_and_disposals", {"unit": "case"}),
        ("conviction", {"by": ("offence_group",)}),
        ("guilty_pleas", {"by": ("region",)}),
        ("open_caseload", {}),
        ("case_attrition", {"by": ("offence_group",)}),
    ]
    for name, options in runs:
        found = run(name, warehouse, **options)
        for key in found.outputs:
            candidate = Candidate("x", found.output("Courts", key), synthetic=True, sha256="")
            assert first_look(candidate, profile) is None, (name, key)


@pytest.mark.parametrize("name", ["indirect", "funnel", "length_ratio"])
def test_standardised_numbers_are_left_to_a_person_to_release(backend, name):
    found = run("sentencing_by_court", many(backend))
    candidate = Candidate("x", found.output("Courts", name), synthetic=True, sha256="")
    assert first_look(candidate, load("ons-srs")).status == "review"


def test_courts_are_not_named_under_rules_that_forbid_it(backend):
    found = run("sentencing_by_court", many(backend), level="court")
    candidate = Candidate("x", found.output("Courts", "custody"), synthetic=True, sha256="")
    assert "may not be named" in first_look(candidate, load("ons-srs")).reasons[0]


def test_a_court_that_hears_too_little_of_the_mix_has_no_direct_share(backend):
    drawing = ONE + (
        "b | B | magistrates | 2 | m:2 | 2020-01-01 | 2020-01-31 | 2020-01-31 | 2020-02-10 | "
        "2020-07-10 | robbery | guilty | guilty | fine | -\n"
    )
    found = run("sentencing_by_court", court_warehouse(backend, drawing), level="court")
    assert "direct" not in found.outputs
    # Nobody is sent to prison for robbery, so the other court has nothing expected.
    assert found.outputs["indirect"].table["ratio"].tolist() == [1]


def test_reopened_cases_are_a_term_where_the_source_records_them(backend):
    trail = {"source": "cafcass_england", "source_table": "drawn", "source_key": "x"}
    events = [
        {"event_id": n, "case_id": 1, "event_type": kind, "event_date": day, **trail}
        for n, (kind, day) in enumerate([("closed", "2020-02-01"), ("reopened", "2020-05-01")])
    ]
    case = {
        "case_id": 1,
        "proceeding_id": 1,
        "jurisdiction": "family",
        "case_type": "care_proceedings",
        "received_date": "2020-01-05",
        "closed_date": "2020-08-01",
        "status": "closed",
        **trail,
    }
    coverage = {"from_date": "2019-12-31", "to_date": "2020-12-31", **trail}
    held = {"case": [case], "event": events, "coverage": [coverage]}
    found = definitions.get("stock_and_flow").compute(
        tables.warehouse(backend, held), source="cafcass_england"
    )
    kept = ["open_at_start", "received", "reopened", "disposed", "open_at_end"]
    assert found.table[kept].values.tolist() == [[0, 1, 0, 1, 0], [0, 0, 1, 0, 1], [1, 0, 0, 1, 0]]


def test_the_end_of_what_was_seen_must_be_stated(backend):
    drawn = court_warehouse(backend, OPEN)
    drawn.coverage = drawn.coverage.filter(drawn.coverage.source == "nothing")
    with pytest.raises(MetricError, match="must be known"):
        run("criminal_completion", drawn)


def test_criminal_exports_every_metric_of_the_courts():
    assert set(METRICS) <= set(criminal.__all__)
