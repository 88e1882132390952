"""Iowa's releases become measures of one person each."""

import pytest

from justice_analysis.sources.mappings import iowa_releases
from tests.delivered import context_of, contract_tables, rows_of

RELEASE = {
    "Fiscal Year Released": 2012,
    "Recidivism Reporting Year": 2015,
    "Release Type": "Parole",
    "Race - Ethnicity": "White - Hispanic",
    "Age At Release ": "25-34",
    "Sex": "Female",
    "Offense Classification": "C Felony",
    "Offense Type": "Drug",
    "Return to Prison": "No",
    "Recidivism Type": "No Recidivism",
    "Target Population": "Yes",
}
RETURNED = {"Return to Prison": "Yes", "Recidivism Type": "Tech", "Days to Return": 300}


@pytest.fixture
def map_releases(backend):
    def run(*releases):
        rows = {"releases": [{**RELEASE, **release} for release in releases]}
        tables = contract_tables(backend, "iowa_releases", rows)
        context = context_of(backend, "iowa_releases", extract_date="2018-06-30")
        return iowa_releases.to_common(tables, context)

    return run


def measures(mapped, concept):
    columns = ("concept", "value_number", "value_code", "unit", "from_date", "to_date")
    return [row[1:] for row in rows_of(mapped, "measure", *columns) if row[0] == concept]


def test_everyone_is_followed_for_three_years_and_only_returns_have_days(map_releases):
    mapped = map_releases({}, RETURNED, {**RETURNED, "Recidivism Type": "New"})
    assert measures(mapped, "followup_days") == [(1095.0, None, "days", None, None)] * 3
    assert measures(mapped, "days_to_return") == [
        (300.0, "new", "days", None, None),
        (300.0, "technical", "days", None, None),
    ]


def test_a_fiscal_year_is_a_period_and_not_a_day(map_releases):
    found = measures(map_releases({}), "release")
    assert found == [(None, "2012", None, "2011-07-01", "2012-07-01")]


def test_what_was_recorded_is_kept_as_published_and_nothing_where_missing(map_releases):
    mapped = map_releases({"Age At Release ": None})
    assert measures(mapped, "age_band_at_release") == []
    assert measures(mapped, "recorded_ethnicity")[0][1] == "White - Hispanic"
    assert measures(mapped, "target_population")[0][1] == "Yes"
    assert rows_of(mapped, "record", "sex", "ethnicity_group") == [("female", None)]


def test_equal_releases_are_people_of_their_own(map_releases):
    mapped = map_releases({}, {}, {})
    assert len(set(rows_of(mapped, "record", "record_id"))) == 3
    keys = [key.split(":") for (key,) in rows_of(mapped, "record", "source_key")]
    assert len({digest for digest, _ in keys}) == 1
    assert sorted(copy for _, copy in keys) == ["1", "2", "3"]
