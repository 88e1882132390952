"""Rates of the criminal part of the world, each with its unit and its source.

Tuples of twelve are in the order of `criminal.codes.OFFENCE_GROUPS`, tuples of three in that of
`CLASSES`.
"""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.synthetic.rates.values import assumed, published

CLASSES = ("once", "occasional", "persistent")
_RETURNS = "Data First returning defendants, March 2022, at second hand"
_SERIES = "official quarterly series of courts, 2018 to 2024 (as collected by the Treasury)"
_ONS = "ONS, looked-after children to age 24, December 2022, at second hand"
_LOOKED_AFTER = "set so that about half are convicted by 24, as published for looked-after children"
_SOLVED = "set so that the published return shares of the 2011 cohort come out"
_FITS = "so that the delivered data have the known order of sizes"


@dataclass(frozen=True)
class CrimeRates:
    """What careers, courts, custody and probation are made from."""

    # Targets: defendants whose first known case is in 2011, appearances to December 2019.
    returned: float = published(0.56, "share of the 2011 cohort", _RETURNS)
    returned_once: float = published(0.17, "share of the 2011 cohort", _RETURNS)
    returned_six: float = published(0.18, "share who returned six times or more", _RETURNS)
    returned_theft: float = published(0.82, "share of the 2011 cohort, theft first", _RETURNS)

    # Targets: convicted by the age of 24.
    looked_after_convicted: float = published(0.52, "share of children looked after", _ONS)
    others_convicted: float = published(0.13, "share of other children", _ONS)

    # Careers.
    careers_from: str = assumed("2000-01-01", "date", "offences are simulated from then on")
    courts_from: str = published("2011-01-01", "date", "Data First magistrates' courts coverage")
    class_shares: tuple[float, ...] = assumed((0.6342, 0.35, 0.0158), "share of careers", _SOLVED)
    care_class_shares: tuple[float, ...] = assumed(
        (0.507, 0.46, 0.033), "share of careers in care families"
    )
    child_class_shares: tuple[float, ...] = assumed(
        (0.25, 0.60, 0.15), "share of careers of children in care proceedings", _LOOKED_AFTER
    )
    child_rate: float = assumed(
        3.4, "ratio of the rate of children in care proceedings", _LOOKED_AFTER
    )
    class_rates: tuple[float, ...] = assumed(
        (0.0, 0.197, 2.75), "prosecutions a year at the peak age", _SOLVED
    )
    class_spread: tuple[float, ...] = assumed((1.0, 1.4, 1.22), "shape of a gamma frailty", _SOLVED)
    ages: tuple[float, ...] = assumed(
        (10, 13, 16, 19, 25, 30, 40, 50, 60, 90), "ages at which the next curves are given"
    )
    age_curve: tuple[float, ...] = assumed(
        (0.01, 0.10, 0.8, 1.0, 0.8, 0.65, 0.45, 0.25, 0.1, 0.0), "rate relative to the peak"
    )
    age_curve_persistent: tuple[float, ...] = assumed(
        (0.01, 0.12, 0.8, 1.0, 1.0, 0.95, 0.75, 0.35, 0.1, 0.0), "rate relative to the peak"
    )
    male_share: float = assumed(0.80, "share of people first met in the criminal courts")
    female_rate: float = assumed(0.85, "rate relative to men's, among those with a career")
    prevalence: tuple[float, ...] = assumed(
        (0.35, 0.60, 1.0, 0.12, 0.56, 1.0, 0.10, 0.12, 0.05),
        "share with a career by kind of person",
        "parents and children of care families offend more",
    )
    period_index: tuple[tuple[str, float], ...] = published(
        (
            ("2000-01-01", 1.35),
            ("2011-01-01", 1.35),
            ("2019-12-31", 1.0),
            ("2020-02-15", 0.92),
            ("2020-05-15", 0.37),
            ("2020-08-15", 0.73),
            ("2021-05-15", 0.84),
            ("2022-11-15", 0.91),
            ("2024-02-15", 1.0),
        ),
        "magistrates' court starts relative to 2019; before 2019 assumed",
        _SERIES,
    )
    group_mix: tuple[tuple[float, ...], ...] = assumed(
        (
            (0.072, 0.02, 0.003, 0.026, 0.01, 0.051, 0.02, 0.041, 0.051, 0.03, 0.299, 0.377),
            (0.115, 0.016, 0.007, 0.032, 0.016, 0.104, 0.031, 0.062, 0.052, 0.021, 0.29, 0.254),
            (0.068, 0.008, 0.015, 0.55, 0.015, 0.076, 0.023, 0.046, 0.029, 0.008, 0.114, 0.048),
        ),
        "share of offences by class of career",
        _FITS,
    )
    group_persistence: float = assumed(0.5, "share of offences that are of a person's own group")
    drug_tilt: tuple[float, ...] = assumed(
        (1.0, 1.3, 1.2, 1.6, 1.1), "ratio of drug offences by ethnicity code 1 to 5", "case mix"
    )
    single_justice: tuple[float, ...] = assumed(
        (0, 0, 0, 0, 0, 0, 0, 0, 0.1, 0, 0.35, 0.55), "share in the Single Justice Procedure"
    )
    breaches: float = assumed(0.06, "share of later prosecutions that are breaches")
    charges_more: float = assumed(0.55, "mean charges beyond the first")
    codefendants: float = assumed(0.10, "share joined to a case of the same court and week")
    home_court: float = assumed(0.93, "share of prosecutions in the home court")
    moves: float = assumed(0.08, "share of careers that move to another area once")

    # Courts.
    either_way: tuple[float, ...] = assumed(
        (0.75, 0.55, 0.0, 0.93, 0.85, 0.90, 0.95, 0.75, 0.80, 0.97, 0.0, 0.0),
        "share that can be tried in either court",
    )
    indictable_only: tuple[float, ...] = assumed(
        (0.06, 0.45, 1.0, 0.02, 0.02, 0.05, 0.02, 0.02, 0.03, 0.01, 0.0, 0.0),
        "share that only the Crown Court tries",
    )
    sent_either_way: tuple[float, ...] = assumed(
        (0.35, 0.70, 0.0, 0.06, 0.10, 0.22, 0.25, 0.15, 0.12, 0.22, 0.0, 0.0),
        "share of either-way cases sent for trial",
    )
    committed: float = assumed(0.05, "share of either-way convictions committed for sentence")
    appeals: float = assumed(0.006, "share of magistrates' convictions appealed")
    charge_days: tuple[float, ...] = assumed(
        (35, 240, 30, 18, 30, 45, 15, 25, 60, 220, 45, 60), "median days, offence to charge"
    )
    hearing_days: float = assumed(27.0, "median days, charge to first hearing")
    trial_days: float = assumed(100.0, "median days, first hearing to a contested end")
    adjourned_days: float = assumed(26.0, "median days, first hearing to an uncontested end")
    pandemic_delay: float = assumed(1.5, "ratio of days at court, March 2020 to June 2021")
    guilty_pleas: float = assumed(0.66, "share in magistrates' courts")
    guilty_pleas_crown: float = assumed(0.58, "share of those sent for trial")
    none_entered: float = assumed(0.07, "share without plea or verdict")
    convicted_at_trial: float = assumed(0.62, "share of contested cases, magistrates' courts")
    convicted_at_crown: tuple[float, ...] = assumed(
        (0.55, 0.55, 0.62, 0.65, 0.58, 0.68, 0.66, 0.60, 0.60, 0.66, 0.6, 0.6),
        "share of contested cases",
    )
    crown_receipts: float = assumed(26_000, "cases a quarter, 2018 and before", _FITS)
    crown_open: tuple[tuple[str, float], ...] = published(
        (
            ("2018-06-30", 35530),
            ("2018-12-31", 32936),
            ("2019-06-30", 34124),
            ("2019-12-31", 38030),
            ("2020-03-31", 40891),
            ("2020-06-30", 43079),
            ("2020-09-30", 51250),
            ("2020-12-31", 56993),
            ("2021-03-31", 59785),
            ("2021-06-30", 60784),
            ("2021-12-31", 58503),
            ("2022-06-30", 59428),
            ("2022-12-31", 62628),
            ("2023-06-30", 64810),
            ("2023-12-31", 67573),
            ("2024-03-31", 68568),
        ),
        "open cases in the Crown Court; only the shape is used",
        _SERIES,
    )

    # Remand and sentences.
    remand_log_odds: tuple[float, ...] = assumed(
        (-2.3, -1.6, 0.0, -2.6, -2.8, -2.5, -2.2, -3.0, -3.0, -3.2, -5.5, -6.5),
        "log odds of custody on remand for a first prosecution",
    )
    remand_prior: float = assumed(0.12, "added log odds per earlier prosecution, to ten")
    remand_ethnicity: tuple[float, ...] = assumed(
        (0.0, 0.25, 0.22, 0.35, 0.30),
        "planted: added log odds by ethnicity code 1 to 5",
        "a disparity beyond case mix; its size is ours",
    )
    custody_log_odds: tuple[float, ...] = assumed(
        (-2.2, -0.2, 0.9, -2.4, -2.6, -2.8, -1.8, -2.8, -2.4, -2.0, -4.5, -5.5),
        "log odds of immediate custody for a first conviction in a magistrates' court",
    )
    custody_prior: float = assumed(0.13, "added log odds per earlier prosecution, to ten")
    custody_crown: float = assumed(1.7, "added log odds in the Crown Court")
    custody_remand: float = assumed(1.4, "added log odds where remanded in custody")
    other_disposals: tuple[tuple[float, ...], ...] = assumed(
        (
            (0.22, 0.35, 0.18, 0.15, 0.10),
            (0.25, 0.45, 0.05, 0.10, 0.15),
            (0.45, 0.40, 0.02, 0.05, 0.08),
            (0.12, 0.28, 0.25, 0.25, 0.10),
            (0.10, 0.25, 0.25, 0.25, 0.15),
            (0.10, 0.17, 0.48, 0.18, 0.07),
            (0.25, 0.35, 0.20, 0.12, 0.08),
            (0.12, 0.25, 0.30, 0.23, 0.10),
            (0.15, 0.25, 0.35, 0.15, 0.10),
            (0.28, 0.37, 0.15, 0.12, 0.08),
            (0.03, 0.14, 0.60, 0.15, 0.08),
            (0.01, 0.06, 0.88, 0.02, 0.03),
        ),
        "suspended, community, fine, discharge, other: shares where no custody",
    )
    custody_days: tuple[float, ...] = assumed(
        (90, 150, 150, 60, 70, 90, 110, 60, 80, 100, 60, 50), "median days, magistrates' courts"
    )
    custody_days_crown: tuple[float, ...] = assumed(
        (600, 1300, 1200, 420, 500, 800, 450, 380, 450, 550, 200, 200), "median days, Crown Court"
    )
    recalls: float = assumed(0.22, "share of licences with a recall")
    supervised_from: str = assumed("2015-02-01", "date of release", "short sentences supervised")

    # Programme in custody, pre-recorded evidence, Common Platform.
    programme_from: tuple[tuple[str, float], ...] = assumed(
        (("2014-01-01", 0.25), ("2015-07-01", 0.45), ("2017-01-01", 0.65), ("2018-07-01", 0.8)),
        "first day of release and cumulative share of magistrates' courts whose cases have it",
        "stages, so that it can be seen by difference; a fifth of courts never have it",
    )
    programme_least_days: int = assumed(60, "days in custody under sentence")
    programme_base: float = assumed(-1.5, "log odds of taking part without needs")
    programme_needs: float = assumed(0.28, "planted selection: log odds per point of need, 0 to 10")
    programme_hazard: float = assumed(0.75, "planted: ratio of offending in the year after release")
    recorded_from: tuple[tuple[str, float], ...] = assumed(
        (("2016-01-01", 0.05), ("2019-06-03", 0.15), ("2020-08-24", 0.45), ("2022-09-26", 1.0)),
        "day and cumulative share of Crown courts with it",
        "staggered like the real roll-out (studies 6); courts and days are ours",
    )
    recorded_share: float = assumed(0.6, "share of eligible trials with it, once the court has it")
    recorded_effect: float = assumed(-0.12, "planted: change in the share convicted, eligible")
    migration_magistrates: tuple[str, str] = assumed(
        ("2021-01-11", "2023-05-31"), "first and last day of moving to Common Platform"
    )
    migration_crown: tuple[str, str] = assumed(
        ("2021-06-07", "2023-07-31"), "first and last day of moving to Common Platform"
    )
