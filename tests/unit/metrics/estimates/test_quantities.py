"""A quantity by group: the engine's numbers are those of pandas, and outputs bring evidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis import engine
from justice_analysis.errors import MetricError, OptionError, UsageError
from justice_analysis.metrics.estimates.quantities import people_by_bin, quantity_by_group

SCHEMA = {
    "person_id": "int64",
    "days": "float64",
    "prison_id": "string",
    "sex": "string",
    "year": "int64",
}
WHO = {
    "title": "Days in custody",
    "unit": "people in custody",
    "population": "people in custody",
    "population_hash": "p1",
}


def stays(rows: int = 400) -> pd.DataFrame:
    """Several stays a person, some of unknown length, sex or prison; many of equal length."""
    random = np.random.default_rng(20)
    return pd.DataFrame(
        {
            "person_id": random.integers(0, rows // 2 + 1, rows),
            "days": np.where(random.random(rows) < 0.1, np.nan, random.integers(0, 40, rows)),
            "prison_id": random.choice(["a", "b", "c", None], rows),
            "sex": random.choice(["F", "M", None], rows),
            "year": random.choice([2018, 2019], rows),
        }
    )


def table_of(backend, frame: pd.DataFrame):
    return engine.memory_table(backend, frame, SCHEMA)


def by_hand(frame: pd.DataFrame, name: str) -> pd.Series:
    """Each person's part of a group, and each prison's, with pandas."""
    known = frame.dropna(subset="days")
    if name != "all":
        known = known[known["sex"].fillna("not known") == name]
    parts = known.groupby("person_id")["days"].sum()
    bodies = known.groupby("prison_id")["days"].sum()
    first, second = parts.nlargest(2)
    return pd.Series(
        {
            "people": len(parts),
            "total": parts.sum(),
            "mean": parts.mean(),
            "sd": parts.std(),
            "percentile_5": parts.quantile(0.05),
            "median": parts.median(),
            "percentile_97.5": parts.quantile(0.975),
            "largest_1": first,
            "largest_2": second,
            "organisations": len(bodies),
            "largest_organisation_1": bodies.nlargest(2).iloc[0],
            "largest_organisation_2": bodies.nlargest(2).iloc[1],
        }
    )


def test_every_column_is_what_pandas_makes_of_each_person_s_part(backend):
    frame = stays()
    found = quantity_by_group(
        table_of(backend, frame),
        quantity="days",
        words="days in custody",
        by=("sex",),
        organisation="prison_id",
        percentiles=(5, 50, 97.5),
    ).table.set_index("sex")
    assert list(found.index) == ["all", "F", "M", "not known"]
    for name, row in found.iterrows():
        expected = by_hand(frame, str(name))
        assert list(row.index) == list(expected.index)
        np.testing.assert_allclose(row.to_numpy(float), expected.to_numpy(float))


def test_without_groups_there_is_one_row_for_everyone(backend):
    frame = stays()
    found = quantity_by_group(table_of(backend, frame), quantity="days", words="days").table
    expected = by_hand(frame, "all")
    assert len(found) == 1
    for name in ("people", "total", "largest_1", "largest_2", "median"):
        assert found[name].iloc[0] == pytest.approx(expected[name])


def test_two_dimensions_have_totals_over_each_and_over_both(backend):
    found = quantity_by_group(
        table_of(backend, stays()), quantity="days", words="days", by=("sex", "year")
    ).table
    assert len(found) == 4 * 3
    cells = found.set_index(["sex", "year"])["total"]
    for sex in ("all", "F"):
        years = cells[sex, "2018"] + cells[sex, "2019"]
        assert cells[sex, "all"] == pytest.approx(years)


def test_totals_can_be_left_out(backend):
    found = quantity_by_group(
        table_of(backend, stays()), quantity="days", words="days", by=("sex",), totals=False
    ).table
    assert "all" not in set(found["sex"])


def test_a_lone_person_has_no_second_largest_and_no_deviation(backend):
    frame = stays(1).assign(person_id=[7], days=[12.0], prison_id=[None])
    row = quantity_by_group(
        table_of(backend, frame), quantity="days", words="days", organisation="prison_id"
    ).table.iloc[0]
    assert row[["people", "largest_1", "largest_2", "organisations"]].tolist() == [1, 12, 0, 0]
    assert row[["largest_organisation_1", "largest_organisation_2"]].tolist() == [0, 0]
    assert pd.isna(row["sd"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"days": -1.0}, "below 0"),
        ({"days": np.nan}, "known of at least one person"),
        ({"person_id": None}, "person_id must be given"),
    ],
)
def test_what_cannot_be_added_up_by_person_is_refused_with_its_count(backend, changes, said):
    frame = stays(4).assign(days=5.0).assign(**changes)
    with pytest.raises(MetricError, match=said):
        quantity_by_group(table_of(backend, frame), quantity="days", words="days")


@pytest.mark.parametrize("percentile", [0, 100])
def test_extremes_are_no_percentiles(backend, percentile):
    with pytest.raises(UsageError, match="between 0 and 100"):
        quantity_by_group(
            table_of(backend, stays(4)), quantity="days", words="d", percentiles=(percentile,)
        )


def test_a_column_that_is_not_there_is_named(backend):
    with pytest.raises(UsageError, match="wing is not in the table"):
        quantity_by_group(table_of(backend, stays(4)), quantity="days", words="d", by=("wing",))


def by_sex(backend):
    return quantity_by_group(
        table_of(backend, stays()),
        quantity="days",
        words="days in custody",
        by=("sex",),
        organisation="prison_id",
    )


def test_sums_come_with_their_evidence_and_their_unit(backend):
    output = by_sex(backend).sums(**WHO, with_means=True, options={"year": 2019})
    assert output.kind == "magnitude"
    assert output.options == {"year": 2019, "quantity": "days in custody"}
    assert output.roles.total == "total"
    assert output.roles.statistic == {"mean": "mean"}
    assert set(output.roles.evidence) == {
        "largest_1",
        "largest_2",
        "organisations",
        "largest_organisation_1",
        "largest_organisation_2",
    }


def test_a_summary_names_each_statistic(backend):
    output = by_sex(backend).summary(("mean", "median", "percentile_25"), **WHO)
    assert dict(output.roles.statistic) == {
        "mean": "mean",
        "median": "median",
        "percentile_25": "percentile 25",
    }


def test_a_statistic_that_was_not_computed_is_refused(backend):
    with pytest.raises(OptionError, match="percentile_33"):
        by_sex(backend).summary(("percentile_33",), **WHO)


def test_a_box_has_five_percentiles_and_a_chart(backend):
    output = by_sex(backend).box_plot(**WHO)
    assert len(output.roles.estimate) == 5
    assert output.chart.y == "median"


def test_everyone_alone_is_an_output_too(backend):
    found = quantity_by_group(table_of(backend, stays()), quantity="days", words="days")
    output = found.summary(("mean",), **WHO)
    assert output.table["group"].tolist() == ["all"]


def test_bins_hold_everyone_once_and_empty_ones_are_rows(backend):
    frame = stays()
    found = people_by_bin(
        table_of(backend, frame),
        quantity="days",
        words="days in custody",
        edges=(0, 30, 60, 500),
        by=("sex",),
    )
    parts = frame.dropna(subset="days").groupby("person_id")["days"].sum()
    everyone = found.table[found.table["sex"] == "all"].set_index("bin")["people"]
    assert list(everyone.index) == ["0 to 29", "30 to 59", "60 to 499", "500 or more", "all"]
    assert everyone["0 to 29"] == (parts < 30).sum()
    assert everyone["500 or more"] == 0
    assert everyone["all"] == len(parts) == everyone.drop("all").sum()
    assert found.histogram(**WHO).dimensions == ("sex", "bin")


def test_a_value_below_the_first_edge_is_refused(backend):
    with pytest.raises(MetricError, match="first edge"):
        people_by_bin(table_of(backend, stays()), quantity="days", words="d", edges=(10, 20))


@pytest.mark.parametrize("edges", [(0,), (0, 5, 5), (5, 0)])
def test_edges_must_rise(backend, edges):
    with pytest.raises(UsageError, match="rise"):
        people_by_bin(table_of(backend, stays(4)), quantity="days", words="d", edges=edges)


def test_bins_of_broken_numbers_say_where_they_end(backend):
    found = people_by_bin(table_of(backend, stays()), quantity="days", words="d", edges=(0, 2.5, 5))
    assert found.texts == ("0 to under 2.5", "2.5 to under 5", "5 or more")
