"""What a paper on routinely collected data must say, item by item, and where this package says it.

The items are those of the RECORD statement and, of STROBE, those that numbers answer; the wording
is ours, so read the statements themselves too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from justice_analysis.errors import OptionError

RECORD = (
    "Benchimol et al. (2015), The REporting of studies Conducted using Observational "
    "Routinely-collected health Data (RECORD) Statement, PLoS Medicine 12(10), e1001885"
)
STROBE = (
    "von Elm et al. (2007), The Strengthening the Reporting of Observational Studies in "
    "Epidemiology (STROBE) Statement, PLoS Medicine 4(10), e296"
)
AUTHOR = "the authors"


@dataclass(frozen=True)
class Item:
    """One thing to report.

    Attributes
    ----------
    code
        Number in its statement, after the statement's name.
    asks
        What to say, in our words.
    answered_by
        What of the package gives it; `AUTHOR` where nobody but the authors can.
    """

    code: str
    section: str
    asks: str
    answered_by: str


ITEMS = (
    Item("RECORD 1.1", "Title and abstract", "The kinds of data used, and the databases by name",
         "datasets loaded: the warehouse's sources and their citations"),
    Item("RECORD 1.2", "Title and abstract", "Where and over which time",
         "coverage of each source"),
    Item("RECORD 1.3", "Title and abstract", "Whether databases were linked",
         "datasets loaded; link levels of the warehouse"),
    Item("STROBE 6a", "Methods", "Who was eligible, how people were selected and followed",
         "the cohort's definition: entry, window, exclusions, follow-up"),
    Item("RECORD 6.1", "Methods", "The codes or rules by which people were selected",
         "the cohort's definition, and the categories with their codes"),
    Item("RECORD 6.2", "Methods", "Whether these codes or rules were validated, and where",
         AUTHOR),
    Item("RECORD 6.3", "Methods", "How many records were linked at each stage, as a flow chart",
         "link_quality: people and records by link level"),
    Item("RECORD 7.1", "Methods", "Every code list of exposures, outcomes and confounders",
         "definition cards of metrics and covariates; code lists with their sources"),
    Item("STROBE 9", "Methods", "What was done about sources of bias",
         "linkage sensitivity of each headline; the rest by the authors"),
    Item("RECORD 12.1", "Methods", "How much of the source database the authors could see",
         AUTHOR),
    Item("RECORD 12.2", "Methods", "How the data were cleaned",
         "the ledger: rows kept and set aside by reason, at every step"),
    Item("RECORD 12.3", "Methods", "How records were linked, of whom, and how well",
         "link_quality; the linking datasets' own documents, named in their contracts"),
    Item("STROBE 12c", "Methods", "What was done about missing data",
         "Table 1, not known; the card's rule for each metric"),
    Item("STROBE 12d", "Methods", "What was done about loss to follow-up",
         "follow-up by coverage: the reason why each person's time ends"),
    Item("STROBE 12e", "Methods", "Sensitivity analyses",
         "variants of the study's parameters; linkage sensitivity"),
    Item("RECORD 13.1", "Results", "Who was left out for data quality, availability or linkage",
         "attrition of the cohort, as a flow chart"),
    Item("STROBE 13", "Results", "People at each stage, and why they left",
         "attrition of the cohort, as a flow chart"),
    Item("STROBE 14", "Results", "Characteristics of people, and how many lack each",
         "Table 1 with standardised differences"),
    Item("STROBE 15", "Results", "Numbers of events, over time",
         "the metric's estimates and curves with numbers at risk"),
    Item("STROBE 16", "Results", "Estimates with their precision",
         "the metric's estimates with 95% intervals"),
    Item("RECORD 19.1", "Discussion", "What data made for another purpose cannot show",
         "known breaks on the cards; the rest by the authors"),
    Item("STROBE 22", "Other", "Who paid, and for what", AUTHOR),
    Item("RECORD 22.1", "Other", "Where to find protocol, data and code",
         "the study's parameters, versions and fingerprint; access routes in the contracts"),
)  # fmt: skip


def checklist(where: Mapping[str, str] | None = None) -> pd.DataFrame:
    """List what a paper must report, what answers it and where the paper does.

    Parameters
    ----------
    where
        Code of an item to the place in the paper that answers it.

    Returns
    -------
    DataFrame
        One row per item, in the order of a paper: `item`, `section`, `asks`, `answered_by`,
        `where` ("not said" until it is).

    Raises
    ------
    OptionError
        If `where` names an item that is not in the list.
    """
    places = dict(where or {})
    codes = [item.code for item in ITEMS]
    if unknown := [code for code in places if code not in codes]:
        raise OptionError(
            f"items are named as in the list: {', '.join(unknown)} is not. They are "
            f"{', '.join(codes)}."
        )
    rows = [
        (item.code, item.section, item.asks, item.answered_by, places.get(item.code, "not said"))
        for item in ITEMS
    ]
    return pd.DataFrame(rows, columns=["item", "section", "asks", "answered_by", "where"])


def as_markdown(table: pd.DataFrame) -> str:
    """Write a checklist as a Markdown table for a paper, with the statements it comes from."""
    headings = ["Item", "Section", "What to report", "Answered by", "Where"]
    lines = [headings, ["---"] * len(headings), *table.astype(str).to_numpy().tolist()]
    drawn = [f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines]
    return "\n".join([*drawn, "", f"After: {RECORD}; {STROBE}. The wording is ours.", ""])
