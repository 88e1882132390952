"""How often a birth date is recorded may leave; a birth date under such a name may not."""

from __future__ import annotations

import pytest

from justice_analysis.disclosure import egress


def rules(folder, srs, name, values):
    lines = [f"dataset,{name}", *(f"source {n},{value}" for n, value in enumerate(values))]
    (folder / "a.csv").write_text("\n".join(lines) + "\n")
    return {finding.rule for finding in egress.scan(folder, srs)}


@pytest.mark.parametrize(
    "values", [(5325, 3140, 25500, 22825), (0.597, 0.989, 0.952), ("5,325", "25,500"), (120, "")]
)
def test_counts_and_shares_of_recorded_birth_months_are_let_through(tmp_path, srs, values):
    values = [f'"{value}"' for value in values]
    assert rules(tmp_path, srs, "month_of_birth_recorded", values) == set()


@pytest.mark.parametrize(
    "values",
    [
        ("1987-03", "1990-11", "1979-05"),
        (198703, 199011, 197905),
        (19870312, 19901105, 19790523),
        ("12/03/1987", "05/11/1990", "23/05/1979"),
        ("March 1987", "November 1990", "May 1979"),
    ],
)
def test_birth_months_under_a_name_of_completeness_are_found(tmp_path, srs, values):
    assert "birth_date" in rules(tmp_path, srs, "month_of_birth_recorded", values)


def test_counts_under_the_name_of_a_birth_month_are_found(tmp_path, srs):
    assert "birth_date" in rules(tmp_path, srs, "birth_month", (5325, 3140, 25500))
