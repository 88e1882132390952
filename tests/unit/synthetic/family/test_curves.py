import numpy as np
import pytest

from justice_analysis.synthetic.family.curves import fathers_stay, return_curves
from justice_analysis.synthetic.family.proceedings import marginal_uniform
from justice_analysis.synthetic.parameters import AGE_GROUPS, WorldParameters


@pytest.fixture(scope="module")
def parameters() -> WorldParameters:
    return WorldParameters()


@pytest.fixture(scope="module")
def curves(parameters):
    return return_curves(parameters)


def test_the_planted_curve_meets_the_published_points(parameters, curves):
    assert curves.returned(5) == pytest.approx(0.22, abs=1e-4)
    assert curves.returned(10) == pytest.approx(0.29, abs=1e-4)
    assert curves.returned(10, AGE_GROUPS.index("under 20")) == pytest.approx(1 / 3, abs=1e-4)


def test_survival_never_rises_and_nobody_returns_in_the_first_four_weeks(parameters, curves):
    assert (np.diff(curves.overall) <= 0).all()
    assert (np.diff(curves.by_age, axis=1) <= 1e-12).all()
    assert curves.overall[parameters.earliest_return_days - 1] == 1.0


def test_age_groups_mix_to_the_overall_curve(parameters, curves):
    mixture = np.array(parameters.age_shares) @ curves.by_age
    np.testing.assert_allclose(mixture, curves.overall, atol=1e-10)


def test_the_younger_a_mother_is_the_likelier_is_a_return(curves):
    by_age = [curves.returned(10, group) for group in range(len(AGE_GROUPS))]
    assert by_age == sorted(by_age, reverse=True)


def test_frailty_leaves_the_marginal_draw_uniform():
    stream = np.random.default_rng(0)
    frailty = stream.gamma(2, 0.5, 200_000)
    uniform = np.sort(marginal_uniform(frailty, 0.5, stream))
    expected = (np.arange(len(uniform)) + 0.5) / len(uniform)
    assert np.abs(uniform - expected).max() < 1.63 / np.sqrt(len(uniform))  # 1% of Kolmogorov


def test_drawn_days_follow_the_planted_curve(curves):
    uniform = (np.arange(100_000) + 0.5) / 100_000
    gap, returns = curves.draw_days(uniform, np.full(len(uniform), 2))
    for day in (100, 1826, 3652):
        assert (returns & (gap <= day)).mean() == pytest.approx(1 - curves.by_age[2, day], abs=2e-5)


def test_fathers_named_again_are_a_share_of_mothers_returns(parameters, curves):
    first, later = (fathers_stay(parameters, curves, later=flag) for flag in (False, True))
    assert first[0] * curves.returned(5) == pytest.approx(0.13, abs=1e-6)
    assert all(0 < share < 1 for share in (*first, *later))
    assert later[0] < first[0]
