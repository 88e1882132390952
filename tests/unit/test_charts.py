from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from justice_analysis import charts
from justice_analysis.charts.curve import spread_apart
from justice_analysis.errors import UsageError

CURVES = pd.DataFrame(
    {
        "group": ["under 20"] * 3 + ["30 and over"] * 3,
        "day": [365, 1826, 3652] * 2,
        "estimate": [0.08, 0.30, 0.37, 0.03, 0.14, 0.19],
        "lower": [0.07, 0.27, 0.34, 0.02, 0.12, 0.16],
        "upper": [0.09, 0.33, 0.41, 0.04, 0.16, 0.22],
    }
)
CURVE = {
    "form": "curve", "x": "day", "y": "estimate", "group": "group", "lower": "lower",
    "upper": "upper", "percent": True, "x_title": "Days since the order", "y_title": "Share",
}  # fmt: skip
ORDERS = pd.DataFrame({"order": ["care order", "no order"], "cases": [1234, 56]})
BARS = {"form": "bars", "x": "order", "y": "cases", "y_title": "Cases"}
STEPS = pd.DataFrame({"step": ["all", "linked"], "people": [100, 80], "people_excluded": [0, 20]})
FLOW = {"form": "flow", "x": "step", "y": "people"}
DOTS = {**CURVE, "form": "dots", "x": "group", "group": None}
RECOVERED = CURVES.iloc[[2, 5]].assign(planted=[0.35, 0.2], true=[0.36, None])
BESIDE = {**DOTS, "beside": ["planted", "true"]}
QUARTERS = [f"{year} Q{quarter}" for year in range(2015, 2018) for quarter in (1, 2, 3, 4)]
SERIES = pd.DataFrame(
    {
        "quarter": QUARTERS * 2,
        "group": ["care order"] * 12 + ["no order"] * 12,
        "share": [0.3 + 0.01 * n for n in range(12)] + [0.2 - 0.01 * n for n in range(12)],
    }
).assign(lower=lambda t: t["share"] - 0.05, upper=lambda t: t["share"] + 0.05)
LINES = {
    "form": "lines", "x": "quarter", "y": "share", "group": "group", "lower": "lower",
    "upper": "upper", "percent": True, "y_title": "Share of children",
}  # fmt: skip
TIMES = pd.DataFrame(
    {"stage": ["charge to hearing", "hearing to completion"], "days": [30.0, 90.0],
     "low": [20.0, 40.0], "high": [45.0, 160.0]}
)  # fmt: skip
STAGES = {"form": "stages", "x": "stage", "y": "days", "lower": "low", "upper": "high",
          "y_title": "Days"}  # fmt: skip
BY_YEAR = pd.concat([TIMES.assign(year=year) for year in ("2015", "2016", "2017")])
STACKED = {**STAGES, "group": "year", "lower": None, "upper": None}
MONTHS = [f"{year}-{month:02}" for year in (2015, 2016, 2017) for month in range(1, 13)]
QUEUE = pd.DataFrame(
    {"month": MONTHS * 2, "stage": ["first"] * 36 + ["second"] * 36, "cases": [*range(10, 82)]}
)
WAITING = {"form": "waiting", "x": "month", "y": "cases", "group": "stage", "y_title": "Cases"}
BALANCE = pd.DataFrame(
    {
        "characteristic": ["age", "earlier offences", "in work"],
        "rating": ["green", "amber", "red"],
        "difference_before": [0.31, -0.52, 0.2],
        "difference_after": [0.012, -0.06, 0.11],
    }
)
LOVE = {"form": "love", "x": "characteristic", "y": "difference_after", "percent": True,
        "y_title": "Standardised difference"}  # fmt: skip
BINS = ["0 to under 25", "25 to under 50", "50 to under 75", "75 to under 100"]
SCORES = pd.DataFrame(
    {"group": ["treated"] * 4 + ["comparison"] * 4, "bin": BINS * 2,
     "people": [10.0, 20, 30, 40, 400, 300, 200, 100]}
)  # fmt: skip
OVERLAP = {"form": "overlap", "x": "bin", "y": "people", "group": "group", "percent": True,
           "x_title": "Propensity score"}  # fmt: skip
FORMS = [
    (BALANCE, LOVE), (SCORES, OVERLAP),
    (TIMES, STAGES), (BY_YEAR, STACKED), (QUEUE, WAITING),
    (CURVES, CURVE), (CURVES.iloc[[2, 5]], DOTS), (RECOVERED, BESIDE),
    (ORDERS, BARS), (STEPS, FLOW), (SERIES, LINES),
]  # fmt: skip


def words(figure):
    """Every text in a figure, on the page and in its plots."""
    return [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]


def said(figure):
    return " ".join(" ".join(words(figure)).split())


@pytest.mark.parametrize(("table", "chart"), FORMS)
def test_every_form_says_title_subtitle_and_note(table, chart):
    figure = charts.draw(table, chart, title="A finding", subtitle="England", note="Source: us.")
    assert figure.get_figwidth() == 7.2
    for part in ("A finding", "England", "Source: us."):
        assert part in words(figure)
    assert "Synthetic data" not in words(figure)


@pytest.mark.parametrize(("table", "chart"), FORMS)
def test_synthetic_data_is_said_inside_every_image(table, chart):
    figure = charts.draw(table, chart, title="A question?", synthetic=True)
    assert words(figure).count("Synthetic data") == 2
    assert "synthetic" in figure.get_label()


@pytest.mark.parametrize(("table", "chart"), FORMS)
def test_nothing_is_written_outside_the_page(table, chart):
    long = "A title that is long enough to be broken into several lines, which must all fit"
    figure = charts.draw(table, chart, title=long, subtitle=long, note=long * 3, synthetic=True)
    drawn = figure.get_tightbbox()
    assert 0 <= drawn.x0 <= drawn.x1 <= figure.get_figwidth()
    assert 0 <= drawn.y0 <= drawn.y1 <= figure.get_figheight()


@pytest.mark.parametrize(("table", "chart"), FORMS)
def test_the_same_chart_gives_the_same_bytes(table, chart, tmp_path):
    for name in ("one.png", "two.png"):
        charts.save_png(charts.draw(table, chart, title="Same"), tmp_path / name, dpi=60)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_the_file_holds_title_and_description_and_nothing_else_about_itself(tmp_path):
    from PIL import Image

    figure = charts.draw(ORDERS, BARS, title="Orders")
    charts.save_png(figure, tmp_path / "chart.png", dpi=60, description="Bar chart: orders.")
    with Image.open(tmp_path / "chart.png") as image:
        held = dict(image.text)
    assert held == {"Title": "Orders", "Description": "Bar chart: orders."}


def test_settings_of_the_session_change_nothing(tmp_path):
    import matplotlib

    charts.save_png(charts.draw(ORDERS, BARS, title="Same"), tmp_path / "one.png", dpi=60)
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "figure.dpi": 33}):
        charts.save_png(charts.draw(ORDERS, BARS, title="Same"), tmp_path / "two.png", dpi=60)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_two_lines_take_the_pair_of_colours_and_are_named_at_their_ends():
    figure = charts.draw(CURVES, CURVE, title="Two")
    drawn = [line.get_color() for line in figure.axes[0].lines if line.get_drawstyle() != "default"]
    assert drawn == ["#12436D", "#F46A25"]
    assert {"Under 20: 37%", "30 and over: 19%"} <= set(words(figure))


def test_days_beyond_two_years_are_shown_as_years():
    axes = charts.draw(CURVES, CURVE, title="Years").axes[0]
    assert axes.get_xlabel() == "Years since the order"
    assert axes.get_xlim()[1] >= 3652
    ticks = [tick.get_text() for tick in axes.get_xticklabels()]
    assert {str(year) for year in range(11)} <= set(ticks)


def test_days_within_two_years_or_on_request_stay_days():
    short = CURVES[CURVES["day"] < 400]
    assert charts.draw(short, CURVE, title="Days").axes[0].get_xlabel() == "Days since the order"
    long = charts.draw(CURVES, CURVE, title="Days", years=False)
    assert long.axes[0].get_xlabel() == "Days since the order"


def test_shares_begin_at_nothing_on_day_zero():
    line = charts.draw(CURVES, CURVE, title="Start").axes[0].lines[0]
    assert (line.get_xdata()[0], line.get_ydata()[0]) == (0, 0)


def test_a_curve_of_survival_begins_at_everyone():
    survival = CURVES.assign(**{name: 1 - CURVES[name] for name in ("estimate", "lower", "upper")})
    line = charts.draw(survival, CURVE, title="Start").axes[0].lines[0]
    assert (line.get_xdata()[0], line.get_ydata()[0]) == (0, 1)


def test_more_than_four_lines_become_small_multiples_on_one_scale():
    many = pd.concat([CURVES.assign(group=CURVES["group"] + f", {n}") for n in range(3)])
    figure = charts.draw(many, CURVE, title="Many")
    assert len(figure.axes) == 6
    assert len({axes.get_ylim() for axes in figure.axes}) == 1
    assert len({axes.get_xlim() for axes in figure.axes}) == 1


def test_names_too_long_to_label_a_line_give_small_multiples_too():
    name = "a name of a group that goes on and on until it is far too long to stand at a line "
    figure = charts.draw(CURVES.assign(group=name + CURVES["group"] + name * 2), CURVE, title="T")
    assert len(figure.axes) == 2


def test_ticks_say_as_many_decimals_as_they_have():
    half = CURVES.iloc[[2, 5]].assign(estimate=[0.03, 0.05], lower=[0.02, 0.04], upper=[0.04, 0.06])
    ticks = charts.draw(half, DOTS, title="T").axes[0].get_xticks()
    shown = [t.get_text() for t in charts.draw(half, DOTS, title="T").axes[0].get_xticklabels()]
    assert [float(text.rstrip("%")) for text in shown] == pytest.approx([100 * t for t in ticks])


def test_hidden_numbers_leave_gaps_and_are_said():
    hidden = CURVES.assign(estimate=[0.08, np.nan, 0.37, 0.03, 0.14, 0.19])
    figure = charts.draw(hidden, CURVE, title="Gaps", note="Source: us.")
    assert np.isnan(figure.axes[0].lines[0].get_ydata()).any()
    assert "Gaps are numbers that are not shown, to protect people. Source: us." in said(figure)


def test_a_group_that_is_hidden_whole_is_named_in_the_note():
    hidden = CURVES.assign(estimate=[0.08, 0.30, 0.37, None, None, None])
    figure = charts.draw(hidden, CURVE, title="Hidden")
    assert "Not shown, to protect people: 30 and over." in said(figure)
    assert "Gaps" not in said(figure)


@pytest.mark.parametrize("form", ["bars", "dots"])
def test_a_hidden_bar_or_dot_says_so_in_its_row(form):
    hidden = ORDERS.assign(cases=[1234, None])
    figure = charts.draw(hidden, {**BARS, "form": form}, title="Hidden")
    assert {"1,234", "not shown"} <= set(words(figure))


def test_bars_start_from_zero():
    figure = charts.draw(ORDERS.assign(cases=[1000, 990]), BARS, title="Bars")
    assert figure.axes[0].get_xlim()[0] == 0


def test_bars_keep_the_order_of_the_table_whichever_axis_names_them():
    turned = {**BARS, "x": "cases", "y": "order", "x_title": "Cases", "y_title": ""}
    for chart in (BARS, turned):
        names = [w for w in words(charts.draw(ORDERS, chart, title="T")) if w.endswith(" order")]
        assert names == ["Care order", "No order"]


def test_values_have_a_decimal_where_intervals_are_narrow():
    narrow = CURVES.iloc[[2, 5]].assign(lower=[0.365, 0.185], upper=[0.375, 0.195])
    assert "37.0% (36.5% to 37.5%)" in words(charts.draw(narrow, DOTS, title="Narrow"))


def test_a_flow_says_who_was_kept_and_set_aside():
    assert {"100", "80", "20 set aside"} <= set(words(charts.draw(STEPS, FLOW, title="F")))
    derived = STEPS.drop(columns="people_excluded")
    assert "20 set aside" in words(charts.draw(derived, FLOW, title="F"))


def test_a_flow_says_beside_the_arrow_who_was_left_out():
    steps = STEPS.assign(step=["Everyone", "Without those under 18"])
    assert "20 set aside: those under 18" in " ".join(
        " ".join(words(charts.draw(steps, FLOW, title="F"))).split()
    )


def test_a_flow_hides_what_it_was_not_given():
    hidden = STEPS.assign(people=[100, None], people_excluded=[0, None])
    shown = words(charts.draw(hidden, FLOW, title="F"))
    assert {"not shown", "set aside: not shown"} <= set(shown)


def test_alternative_text_of_a_flow_leaves_out_hidden_whole_numbers():
    hidden = STEPS.assign(people=pd.array([100, None], dtype="Int64"))
    text = charts.alternative_text(hidden, FLOW, "Who is counted")
    assert "Kept at each step: All: 100." in text
    assert "80" not in text
    assert "not shown" in text.lower()


def test_a_chart_may_be_an_object():
    @dataclass
    class Chart:
        form: str = "bars"
        x: str = "order"
        y: str = "cases"

    assert "1,234" in words(charts.draw(ORDERS, Chart(), title="Object"))


@pytest.mark.parametrize(
    ("table", "chart", "message"),
    [
        (ORDERS, {**BARS, "form": "pie"}, "form must be one of .*: pie is not"),
        (ORDERS, {**BARS, "y": "people"}, "column people is not in the table"),
        (ORDERS.iloc[:0], BARS, "at least one row"),
        (CURVES, {**CURVE, "group": None}, "3 rows repeat one"),
        (CURVES, DOTS, "4 rows repeat one"),
        (RECOVERED, {**BESIDE, "beside": ["chance"]}, "column chance is not in the table"),
        (RECOVERED, {**BESIDE, "beside": ["lower", "planted", "true"]}, "of 2 columns at most"),
        (ORDERS, {**BARS, "beside": ["cases"]}, "only dots without groups"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused(table, chart, message):
    with pytest.raises(UsageError, match=message):
        charts.draw(table, chart, title="No")


def test_more_groups_than_colours_are_refused():
    many = pd.DataFrame({"x": ["a"] * 7, "group": list("abcdefg"), "y": range(7)})
    with pytest.raises(UsageError, match="the table has 7"):
        charts.draw(many, {"form": "bars", "x": "x", "y": "y", "group": "group"}, title="No")


def test_a_table_with_all_numbers_hidden_is_still_drawn():
    for table, chart in [(CURVES, CURVE), (CURVES.iloc[[2, 5]], DOTS), (ORDERS, BARS)]:
        numbers = [name for name in ("estimate", "lower", "upper", "cases") if name in table]
        hidden = table.assign(**dict.fromkeys(numbers, np.nan))
        assert "to protect people" in said(charts.draw(hidden, chart, title="Hidden"))


def test_numbers_beside_a_dot_have_marks_of_their_own_and_are_said():
    figure = charts.draw(RECOVERED, BESIDE, title="Recovered?")
    assert {"estimate (with its interval)", "planted", "true"} <= set(words(figure))
    low, high = figure.axes[0].get_xlim()
    assert low <= 0.16 < 0.41 <= high
    text = charts.alternative_text(RECOVERED, BESIDE, "Recovered?")
    assert "Under 20: 37% (34% to 41%), planted 35%, true 36%" in text
    assert "30 and over: 19% (16% to 22%), planted 20%, true not shown" in text


def test_mathematics_signs_in_words_stay_as_they_are():
    assert "From $5 to $9" in words(charts.draw(ORDERS, BARS, title="From $5 to $9"))


def test_labels_are_moved_apart_and_keep_their_order():
    moved = spread_apart([0.0, 0.05, 2.0, 0.02], [0.2] * 4, 2.0)
    assert sorted(range(4), key=lambda n: moved[n]) == [0, 3, 1, 2]
    assert np.diff(sorted(moved)).min() >= 0.2 - 1e-6
    assert min(moved) >= 0
    assert max(moved) + 0.1 <= 2.0


def test_labels_that_do_not_touch_stay_where_they_are():
    assert spread_apart([0.1, 1.0, 0.5], [0.2] * 3, 2.0) == pytest.approx([0.1, 1.0, 0.5])


def test_alternative_text_of_a_curve_gives_the_ends():
    text = charts.alternative_text(CURVES, CURVE, "Younger mothers return more often.")
    assert text == (
        "Line chart: Younger mothers return more often. At the end of each line: Under 20: "
        "37% (34% to 41%), at 10 years; 30 and over: 19% (16% to 22%), at 10 years. "
        "Intervals in brackets."
    )


def test_alternative_text_of_bars_and_flows_gives_every_number():
    assert charts.alternative_text(ORDERS, BARS, "How many?") == (
        "Bar chart: How many? Care order: 1,234; No order: 56."
    )
    assert charts.alternative_text(STEPS, FLOW, "Who") == (
        "Flow chart: Who. Kept at each step: All: 100; Linked: 80."
    )


def test_alternative_text_of_many_bars_gives_the_lowest_and_highest():
    many = pd.DataFrame({"order": [f"order {n}" for n in range(20)], "cases": range(20)})
    text = charts.alternative_text(many, BARS, "Many")
    assert text == "Bar chart: Many. Lowest, Order 0: 0; highest, Order 19: 19."


def test_alternative_text_never_says_a_hidden_number():
    hidden = ORDERS.assign(cases=[1234, None])
    text = charts.alternative_text(hidden, BARS, "Orders")
    assert text.endswith("Care order: 1,234. Not shown, to protect people: No order.")


def test_importing_charts_does_not_import_matplotlib():
    code = "import sys, justice_analysis.charts; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def ticks_of(axes):
    return [tick.get_text() for tick in axes.get_xticklabels()]


def lines_of(axes):
    return {line.get_label(): line for line in axes.lines if line.get_label()[:1] != "_"}


def test_a_series_has_a_point_for_each_period_in_the_order_of_the_table():
    axes = charts.draw(SERIES, LINES, title="T").axes[0]
    drawn = lines_of(axes)
    assert list(drawn) == ["Care order", "No order"]
    assert drawn["No order"].get_ydata() == pytest.approx(SERIES["share"][12:])
    assert list(drawn["No order"].get_xdata()) == list(range(12))


def test_periods_are_named_flat_and_thinned_to_the_first_quarters():
    names = [f"{2015 + n // 4} Q{n % 4 + 1}" for n in range(2, 24)]
    later = pd.DataFrame({"quarter": names, "cases": range(22)})
    chart = {"form": "lines", "x": "quarter", "y": "cases"}
    axes = charts.draw(later, chart, title="T").axes[0]
    assert ticks_of(axes) == [f"{year} Q1" for year in range(2016, 2021)]
    assert {tick.get_rotation() for tick in axes.get_xticklabels()} == {0.0}


@pytest.mark.parametrize("periods", [3, 9, 30, 90, 200])
def test_names_of_periods_never_touch(periods):
    names = [f"{2000 + n // 4} Q{n % 4 + 1}" for n in range(periods)]
    table = pd.DataFrame({"quarter": names, "cases": range(periods)})
    figure = charts.draw(table, {"form": "lines", "x": "quarter", "y": "cases"}, title="T")
    boxes = [tick.get_window_extent() for tick in figure.axes[0].get_xticklabels()]
    assert len(boxes) >= 2
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))


def test_years_in_words_are_named_as_years_and_a_total_is_no_point_of_time():
    table = pd.DataFrame({"year": ["all", "in 2015", "in 2016"], "cases": [30, 10, 20]})
    chart = {"form": "lines", "x": "year", "y": "cases"}
    axes = charts.draw(table, chart, title="T").axes[0]
    assert ticks_of(axes) == ["2015", "2016"]
    assert axes.get_ylim()[0] == 0
    text = charts.alternative_text(table, chart, "Cases")
    assert text == "Line chart: Cases. 10 in 2015 to 20 in 2016."


def test_a_group_that_begins_later_keeps_its_place_in_time():
    late = SERIES.drop(index=[0, 1])
    drawn = lines_of(charts.draw(late, LINES, title="T").axes[0])
    assert np.isnan(drawn["Care order"].get_ydata()[:2]).all()
    assert drawn["No order"].get_ydata() == pytest.approx(SERIES["share"][12:])


def test_a_hidden_period_is_a_gap_in_its_line_and_is_said():
    hidden = SERIES.assign(share=SERIES["share"].where(SERIES.index != 4))
    figure = charts.draw(hidden, LINES, title="T")
    assert np.isnan(lines_of(figure.axes[0])["Care order"].get_ydata()[4])
    assert "Gaps are numbers that are not shown, to protect people." in said(figure)


def test_a_number_between_two_gaps_is_marked_with_a_dot():
    lone = [*range(4, 7), *range(8, 11)]
    hidden = SERIES[:12].assign(share=SERIES["share"][:12].where(~SERIES.index[:12].isin(lone)))
    hidden = pd.concat([hidden, hidden.assign(quarter=[f"2018 {n}" for n in range(12)])])
    axes = charts.draw(hidden, {**LINES, "group": None}, title="T").axes[0]
    dots = [line for line in axes.lines if line.get_linestyle() == "None"]
    assert 7 in dots[0].get_xdata()
    assert 0 not in dots[0].get_xdata()


def test_more_than_four_series_become_small_multiples_on_one_scale():
    many = pd.concat([SERIES.assign(group=SERIES["group"] + f", {n}") for n in range(3)])
    figure = charts.draw(many, LINES, title="Many")
    assert len(figure.axes) == 6
    assert len({axes.get_ylim() for axes in figure.axes}) == 1


def test_alternative_text_of_a_series_gives_first_last_and_highest():
    peak = SERIES.assign(share=SERIES["share"].where(SERIES.index != 5, 0.5))
    text = charts.alternative_text(peak, {**LINES, "lower": None, "upper": None}, "Orders")
    assert text == (
        "Line chart: Orders. Care order: 30% in 2015 Q1 to 41% in 2017 Q4, highest 50% in 2016 Q2; "
        "No order: 20% in 2015 Q1 to 9% in 2017 Q4."
    )


def bars_of(axes):
    return [(bar.get_x(), bar.get_width()) for bar in axes.patches]


def test_stages_begin_where_the_one_before_ends():
    figure = charts.draw(TIMES, STAGES, title="T")
    assert bars_of(figure.axes[0]) == [(0, 30), (30, 90)]
    assert {"30 (20 to 45)", "90 (40 to 160)"} <= set(words(figure))


def test_stages_of_groups_are_stacked_with_a_key_and_their_numbers():
    figure = charts.draw(BY_YEAR, STACKED, title="T")
    assert bars_of(figure.axes[0]) == [(0, 30), (30, 90)] * 3
    assert words(figure).count("90") >= 3
    assert {"Charge to hearing", "Hearing to completion", "2016"} <= set(words(figure))
    patterns = [bar.get_hatch() for bar in figure.axes[0].patches[:2]]
    assert patterns[0] != patterns[1]


def test_a_hidden_stage_is_said_and_nothing_is_drawn_after_it():
    hidden = BY_YEAR.assign(days=[30.0, 90.0, None, 90.0, 30.0, None])
    figure = charts.draw(hidden, STACKED, title="T")
    assert bars_of(figure.axes[0]) == [(0, 30), (30, 90), (0, 30)]
    assert words(figure).count(" not shown") == 2


def test_who_waits_is_stacked_over_months_that_are_named_by_their_januaries():
    axes = charts.draw(QUEUE, WAITING, title="T").axes[0]
    assert ticks_of(axes)[0] == "Jan 2015"
    assert all(tick.startswith(("Jan", "Jul")) for tick in ticks_of(axes))
    assert axes.get_ylim()[0] == 0
    top = axes.lines[1].get_ydata()
    assert list(top[:2]) == [10 + 46, 11 + 47]


def test_a_hidden_number_leaves_a_gap_in_what_stands_on_it():
    hidden = QUEUE.assign(cases=QUEUE["cases"].where(QUEUE.index != 5))
    figure = charts.draw(hidden, WAITING, title="T")
    assert np.isnan(figure.axes[0].lines[1].get_ydata()[5])
    assert "to protect people" in said(figure)


def test_more_stages_than_colours_are_refused():
    many = pd.DataFrame({"x": list("abcdefg"), "group": "one", "y": range(7)})
    for form in ({"x": "x", "group": "group"}, {"x": "group", "group": "x"}):
        name = "stages" if form["x"] == "x" else "waiting"
        with pytest.raises(UsageError, match="the table has 7"):
            charts.draw(many, {"form": name, "y": "y", **form}, title="No")


def test_alternative_text_of_who_waits_names_months():
    text = charts.alternative_text(QUEUE, WAITING, "Waiting")
    assert text.startswith("Area chart: Waiting. First: 10 in Jan 2015 to 45 in Dec 2017;")


def test_a_love_plot_says_each_difference_before_and_after_with_its_rating():
    figure = charts.draw(BALANCE, LOVE, title="Balance")
    for part in ("31% → 1.2%, green", "-52% → -6%, amber", "before → after", "within 5%"):
        assert part in words(figure)
    low, high = figure.axes[0].get_xlim()
    assert low < -0.52
    assert high > 0.31


def test_a_love_plot_of_small_differences_still_shows_both_bands():
    small = BALANCE.assign(difference_before=0.02, difference_after=0.01)
    low, high = charts.draw(small, LOVE, title="Balance").axes[0].get_xlim()
    assert low < -0.1
    assert high > 0.1


def test_a_love_plot_hides_what_it_was_not_given():
    hidden = BALANCE.assign(difference_before=[None, -0.52, 0.2], difference_after=[None, 0.1, 0.1])
    figure = charts.draw(hidden, LOVE, title="Balance")
    assert "not shown →" not in said(figure)
    assert "Age" not in words(figure)
    assert "Not shown, to protect people: Age." in said(figure)
    assert "Age" not in charts.alternative_text(hidden, LOVE, "Balance").split("Not shown")[0]


def test_a_love_plot_needs_the_differences_before_too():
    with pytest.raises(UsageError, match="a column of the same name ending in before"):
        charts.draw(BALANCE.drop(columns="difference_before"), LOVE, title="Balance")


def test_alternative_text_of_a_love_plot_gives_every_difference_or_the_largest():
    text = charts.alternative_text(BALANCE, LOVE, "Balance")
    assert "Age: 31% before, 1.2% after (green); " in text
    many = pd.concat([BALANCE.assign(characteristic=BALANCE["characteristic"] + str(n))
                      for n in range(5)])  # fmt: skip
    text = charts.alternative_text(many, LOVE, "Balance")
    assert "15 characteristics; largest after, In work0: 20% before, 11% after (red)." in text


def test_an_overlap_picture_mirrors_the_shares_of_two_groups():
    axes = charts.draw(SCORES, OVERLAP, title="Overlap").axes[0]
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == pytest.approx([0.1, 0.2, 0.3, 0.4, -0.4, -0.3, -0.2, -0.1])


def test_bins_of_an_overlap_picture_are_as_wide_as_they_are_with_areas_for_people():
    joined = SCORES.replace("75 to under 100", "75 or more").replace(
        {"0 to under 25": "under 10", "25 to under 50": "10 to under 50"}
    )
    figure = charts.draw(joined, OVERLAP, title="Overlap")
    bars = figure.axes[0].patches
    assert [bar.get_width() for bar in bars[:4]] == [40, 40, 25, 25]
    assert bars[0].get_height() == pytest.approx(0.1 * 25 / 40)
    assert "per 25 of score" in said(figure)
    ticks = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert ticks == ["less", "10%", "50%", "75%", "more"]


def test_hidden_bins_of_an_overlap_picture_are_said_and_not_drawn():
    hidden = SCORES.assign(people=SCORES["people"].where(SCORES["people"] > 10))
    total = pd.DataFrame({"group": ["treated"], "bin": ["all"], "people": [100.0]})
    figure = charts.draw(pd.concat([hidden, total]), OVERLAP, title="Overlap")
    assert figure.axes[0].patches[0].get_height() == 0
    assert "of the people shown" in said(figure)
    assert "Gaps are numbers" in said(figure)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (SCORES.assign(group="treated", bin=[*BINS, "100 or more", "e", "f", "g"]), "2 groups"),
        (SCORES.replace(BINS[0], "few"), "must be written as"),
        (SCORES.replace(BINS[0], "0 to under 20"), "must follow one another"),
    ],
)
def test_an_overlap_picture_refuses_other_tables(table, message):
    with pytest.raises(UsageError, match=message):
        charts.draw(table, OVERLAP, title="Overlap")


def test_alternative_text_of_an_overlap_picture_says_how_much_lies_together():
    text = charts.alternative_text(SCORES, OVERLAP, "Overlap")
    assert "Treated: most in 75 to under 100, 40%" in text
    assert "60% of each group lies where the other does." in text


RATIOS = pd.DataFrame({
    "level": ["aid: no", "aid: yes", "all"],
    "estimate": [1.0, 0.69, np.nan],
    "lower": [np.nan, 0.48, np.nan],
    "upper": [np.nan, 1.0028, np.nan],
    "shown": ["yes", "yes", "yes"],
})  # fmt: skip
OF_RATIOS = {"form": "dots", "x": "level", "y": "estimate", "lower": "lower", "upper": "upper"}


def test_ratios_have_a_line_at_no_difference_and_say_on_which_side_of_it_they_end():
    figure = charts.draw(RATIOS, {**OF_RATIOS, "line_at": 1.0}, title="Ratios")
    crossed = [line for line in figure.axes[0].lines if list(line.get_xdata()) == [1.0, 1.0]]
    assert len(crossed) == 1
    said = charts.alternative_text(RATIOS, {**OF_RATIOS, "line_at": 1.0}, "Ratios")
    assert "Aid: yes: 0.69 (0.48 to 1.003)" in said


def test_a_row_that_never_had_a_number_is_not_said_to_be_hidden():
    said = charts.alternative_text(RATIOS, OF_RATIOS, "Ratios")
    assert "All" not in said
    hidden = RATIOS.assign(shown=["yes", "yes", "suppressed"])
    assert "Not shown, to protect people: All." in charts.alternative_text(
        hidden, OF_RATIOS, "Ratios"
    )
