from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from justice_analysis.definitions import ColumnRoles, Output
from justice_analysis.errors import UsageError

GOOD = Output(
    kind="table",
    title="Mothers by age",
    table=pd.DataFrame({"age": ["under 20", "20 to 24"], "people": [30, 40]}),
    dimensions=("age",),
    roles=ColumnRoles(people="people"),
    unit="mothers",
    population="Mothers",
    population_hash="abc",
)


def test_a_column_without_a_role_is_refused():
    with pytest.raises(UsageError, match="column births has no role"):
        dataclasses.replace(GOOD, table=GOOD.table.assign(births=[1, 2]))


def test_a_role_without_a_column_is_refused():
    with pytest.raises(UsageError, match="column events is named but not in the table"):
        dataclasses.replace(GOOD, roles=ColumnRoles(people="people", count=("events",)))


def test_two_rows_for_one_combination_of_dimensions_are_refused():
    twice = pd.concat([GOOD.table, GOOD.table.head(1)])
    with pytest.raises(UsageError, match="one row"):
        dataclasses.replace(GOOD, table=twice)


def test_an_unknown_kind_is_refused():
    with pytest.raises(UsageError, match="kind must be one of"):
        dataclasses.replace(GOOD, kind="picture")


def test_roles_list_each_count_once():
    roles = ColumnRoles(
        people="people", count=("events",), numerator="events", denominator="people"
    )
    assert roles.counts == ("people", "events")
