"""Rates of the civil part of the world, each with its unit and its source.

Tuples of four are in the order of `civil.KINDS`.
"""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.synthetic.rates.values import assumed, published

_STAY = "Civil Procedure Rules, Practice Direction 51Z and rule 55.29"


@dataclass(frozen=True)
class ClaimRates:
    """What claims in the county courts are made from."""

    courts_from: str = published("2012-01-01", "date of issue", "Data First civil court coverage")
    others_in_claims: float = assumed(0.04, "share of adults of the rest of the world")
    claims_more: float = assumed(0.35, "claims of a person after the first: mean of a geometric")
    claimant_person: float = assumed(0.12, "share of people's claims in which they claim")
    two_defendants: float = assumed(0.08, "share of claims against a person")
    against_a_person: float = assumed(0.25, "share of people's own claims, not against a company")
    bulk_claims: float = assumed(0.62, "share of companies' claims made by bulk claimants")
    bulk_claimants: int = assumed(40, "bodies that issue claims in bulk")
    companies_per_1000: int = assumed(120, "other companies per 1,000 claims")
    kinds_of_companies: tuple[float, ...] = assumed(
        (0.78, 0.02, 0.16, 0.04), "money, damages, possession, other: share of companies' claims"
    )
    kinds_of_people: tuple[float, ...] = assumed(
        (0.42, 0.40, 0.12, 0.06), "share of people's own claims"
    )
    median_amount: tuple[float, ...] = assumed(
        (900.0, 0.0, 1800.0, 0.0), "pounds claimed; 0 where no sum is stated"
    )
    amount_spread: float = assumed(1.1, "standard deviation of log pounds")
    defended: tuple[float, ...] = assumed((0.18, 0.60, 0.35, 0.40), "share with a defence")
    ended_early: tuple[float, ...] = assumed(
        (0.22, 0.55, 0.20, 0.35), "share paid, settled or discontinued before any judgment"
    )
    judgment_days: float = assumed(45.0, "median days, issue to default judgment")
    hearing_days: tuple[float, ...] = assumed((260.0, 520.0, 55.0, 200.0), "median, issue to it")
    days_spread: float = assumed(0.5, "standard deviation of log days")
    dismissed: float = assumed(0.18, "share of judgments after a hearing, money and damages")
    suspended: float = assumed(0.45, "share of possession orders that are suspended")
    control_warrants: float = assumed(0.22, "share of money judgments with a warrant of control")
    possession_warrants: float = assumed(0.45, "share of outright orders with a warrant")
    warrant_days: float = assumed(70.0, "median days, judgment to warrant")
    paid_later: float = assumed(0.20, "share of money judgments marked as paid in full")
    possession_stay: tuple[str, str] = published(
        ("2020-03-27", "2020-09-20"), "first and last day without possession hearings", _STAY
    )
