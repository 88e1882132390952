"""What the engines answer differently is refused before it runs."""

from __future__ import annotations

import ibis
import pytest
from ibis import _

from justice_analysis import engine
from justice_analysis.errors import EngineError

CASES = ibis.table(
    {"id": "int64", "day": "date", "at": "timestamp", "text": "string", "share": "float64"},
    name="cases",
)
REFUSED = {
    "an interval": CASES.mutate(x=_.day + ibis.interval(days=30)),
    "DateAdd": CASES.mutate(x=_.day + _.id.as_interval("D")),
    "DateSub": CASES.mutate(x=_.day - _.id.as_interval("M")),
    "DateDiff": CASES.mutate(x=_.day - ibis.date("2020-01-01")),
    "months_between": CASES.mutate(x=_.day.delta(ibis.date("2020-01-01"), unit="month")),
    "TimestampDelta": CASES.mutate(x=_.at.delta(ibis.timestamp("2020-01-01"), unit="day")),
    "text must be read": CASES.mutate(x=_.text.cast("int64")),
    "to_date": CASES.mutate(x=_.text.try_cast("date")),
    "StringToDate": CASES.mutate(x=_.text.as_date("%Y")),
    "floats must be rounded": CASES.mutate(x=_.share.cast("int64")),
    "written differently": CASES.mutate(x=_.share.cast("string")),
    "may be by 0": CASES.mutate(x=_.share / _.id),
    "use divide or nullif": CASES.mutate(x=_.id % _.id),
    "quantiles of dates": CASES.agg(x=_.day.median()),
    "First ": CASES.group_by("id").agg(x=_.text.first(order_by=_.day)),
    "Last ": CASES.group_by("id").agg(x=_.text.last(order_by=_.day)),
    "Arbitrary": CASES.group_by("id").agg(x=_.text.arbitrary()),
    "Mode": CASES.group_by("id").agg(x=_.text.mode()),
    "ArrayCollect": CASES.group_by("id").agg(x=_.text.collect()),
    "GroupConcat": CASES.group_by("id").agg(x=_.text.group_concat()),
    "ArgMin": CASES.group_by("id").agg(x=_.text.argmin(_.day)),
    "Sample": CASES.sample(0.5, seed=1),
    "RandomScalar": CASES.mutate(x=ibis.random()),
    "Hash": CASES.mutate(x=_.text.hash()),
    "ApproxCountDistinct": CASES.agg(x=_.text.approx_nunique()),
    "as-of joins": CASES.asof_join(CASES.view(), "day"),
    "RowNumber needs an order": CASES.mutate(x=ibis.row_number().over(group_by="id")),
    "look-ahead": CASES.filter(_.text.re_search("a(?=b)")),
    "a date from the parameters": CASES.mutate(x=ibis.today()),
}
ALLOWED = {
    "a sum": CASES.group_by("text").agg(x=_.id.sum(), n=_.count()),
    "days": CASES.mutate(x=engine.add_days(CASES.day, 30), y=engine.add_months(CASES.day, 1)),
    "reading": CASES.mutate(x=engine.to_date(CASES.text), y=engine.to_integer(CASES.text)),
    "numbers": CASES.mutate(x=engine.to_number(CASES.text), y=engine.to_whole(CASES.share)),
    "shares": CASES.mutate(x=engine.divide(_.share, _.id), y=_.id / 100, z=_.id // _.id.nullif(0)),
    "rounding": CASES.mutate(x=_.share.round().cast("int64"), y=_.id.cast("string")),
    "choice": engine.first_per_group(CASES, by=["text"], order_by=["day", "id"]),
    "keys": engine.integer_keys(CASES, ["text", "day"], name="key"),
    "between": CASES.mutate(x=engine.years_between(CASES.day, "2000-01-01")),
    "a literal date": CASES.filter(_.day >= ibis.literal("2020-01-01").cast("date")),
}


@pytest.mark.parametrize("said", REFUSED)
def test_an_expression_with_two_answers_is_refused(said):
    with pytest.raises(EngineError, match=said):
        engine.execute(REFUSED[said], step="counting")


@pytest.mark.parametrize("name", ALLOWED)
def test_an_expression_with_one_answer_runs(name):
    backend = engine.connect()
    table = engine.memory_table(backend, {c: [] for c in CASES.columns}, dict(CASES.schema()))
    bound = ALLOWED[name].op().replace({CASES.op(): table.op()}).to_expr()
    assert len(engine.execute(bound)) <= 1


def test_every_problem_is_said_at_once():
    with pytest.raises(EngineError, match="2 problems") as caught:
        engine.execute(CASES.agg(x=CASES.text.mode(), y=CASES.text.first(order_by=CASES.id)))
    assert "counting" not in str(caught.value)
