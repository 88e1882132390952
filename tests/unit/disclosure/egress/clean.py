"""Fifty clean outputs: released tables, contexts and charts, and what a paper may bring beside."""
# ruff: noqa: E501  (files drawn in a line each)

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pandas as pd

from justice_analysis import charts
from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure import Profile, release
from justice_analysis.disclosure.request import readable
from tests.unit.disclosure.egress import files as make
from tests.unit.disclosure.examples import as_candidate, curve, frequencies, shares

GROUPS = ["all", "under 20", "20 to 24", "25 to 29", "30 and over"]
REGIONS = {
    "E12000001": ("North East", 1240),
    "E12000002": ("North West", 3410),
    "E12000003": ("Yorkshire and the Humber", 2875),
    "E12000004": ("East Midlands", 2045),
    "E12000005": ("West Midlands", 2660),
    "E12000006": ("East of England", 2150),
    "E12000007": ("London", 3905),
    "E12000008": ("South East", 3030),
    "E12000009": ("South West", 1980),
    "W92000004": ("Wales", 1515),
}


def outputs() -> dict[str, Output]:
    """Candidates of several kinds, as studies write them."""
    parts = dict(zip(GROUPS[1:], (1240, 3110, 2705, 2370), strict=True))
    rows = [
        (group, horizon, people, people // often)
        for horizon, often in (("1 year", 14), ("3 years", 6), ("5 years", 4))
        for group, people in parts.items()
    ]
    rows += [
        ("all", horizon, 9425, sum(row[3] for row in rows if row[1] == horizon))
        for horizon in ("1 year", "3 years", "5 years")
    ]
    exits = {"all": [(day, 3, 1) for day in range(1, 400)]}
    steps = [("in proceedings", 9425, 0), ("with history", 8925, 500), ("at risk", 5330, 3595)]
    attrition = Output(
        kind="attrition",
        title="Who is counted?",
        table=pd.DataFrame(steps, columns=["step", "people", "people_excluded"]),
        dimensions=("step",),
        roles=ColumnRoles(people="people", count=("people_excluded",)),
        unit="mothers",
        population="mothers",
        population_hash="p9",
        card="recurrence",
    )
    ages = frequencies({"all": 1163, "18 to 24": 541, "25 to 34": 483, "35 and over": 139})
    hidden = frequencies({"all": 163, "a": 4, "b": 80, "c": 79}, title="Mothers by group")
    by_region = frequencies({name: people for name, people in REGIONS.values()})
    years = frequencies({str(year): 400 + 11 * (year - 2008) for year in range(2008, 2019)})
    quarters = frequencies({f"{year}-Q{q}": 200 + q for year in (2016, 2017) for q in (1, 2, 3, 4)})
    financial = frequencies(
        {f"{year}/{year % 100 + 1:02d}": 700 + year for year in range(2011, 2019)}
    )
    first_days = frequencies({f"2001-{month:02d}-01": 300 + month for month in range(1, 13)})
    return {
        "ages": ages,
        "hidden": hidden,
        "by_region": by_region,
        "by_year": years,
        "by_quarter": quarters,
        "by_financial_year": financial,
        "by_month": first_days,
        "return_by_age": shares(rows),
        "return_over_time": curve(exits),
        "selection": attrition,
    }


def released(profile: Profile) -> Iterator[tuple[str, bytes]]:
    """The CSV, the context and the chart of each output that the rules let through."""
    import tempfile
    from pathlib import Path

    for id, output in outputs().items():
        made = release(as_candidate(output, id), profile)
        yield f"{id}.csv", readable.table_csv(made, synthetic=id != "ages").encode()
        context = readable.context_txt(made, synthetic=True, has_figure=made.chart is not None)
        yield f"{id}.txt", context.encode()
        if made.chart is not None:
            with tempfile.TemporaryDirectory() as home:
                drawn = charts.draw(made.table, made.chart, title=made.title, synthetic=True)
                charts.save_png(drawn, Path(home) / "a.png", description="Shares rise with time.")
                yield f"{id}.png", (Path(home) / "a.png").read_bytes()


def table(names: tuple[str, ...], rows: list[tuple], sign: str = ",") -> Callable[[], bytes]:
    return lambda: make.csv_text(names, rows, sign).encode()


def text(words: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: words.encode(encoding)


DOIS = """Linked data: https://doi.org/10.57906/0y39-4s34, version 2, extract of 2024-03-31.
Smith, J. (2019) "Mothers who return", Journal of Law 46(3), 210-231, doi:10.1111/jols.12164.
ORCID 0000-0002-1825-0097. ISBN 978-1-84099-123-4. [2019] EWHC 1234 (Fam). Section 31 of the
Children Act 1989; see https://www.gov.uk/government/publications/ministry-of-justice-data-first.
Times run from 1 April 2008 to 31 March 2018: 3,652 days. Written at 12:50:07 on 22 November 2026.
"""
CONTEXT = """title: Mothers who returned
parameters:
  index_from: '2008-04-01'
  index_to: '2018-04-01'
  followup_days: 1826
  lookback_years: 1
disclosure:
  minimum_count: 10
  minimum_families: 3
  rounding_base: 5
sources:
  family_court:
    extract_date: '2024-03-31'
    nature: restricted
controls:
- Numbers about fewer than 10 people are hidden, zeros too.
- Every count is rounded by itself to the nearest 5; at least 3 organisations stand behind each.
"""
WORDS = """How to read this table

Each row is one group. A hidden number is empty and says so. The password to the data is not
part of the request; neither is any key: ask the data owner. Ynys Môn, Dunoon and Ayr are places.
Shares are of 1,240 mothers (n = 1,240) and/or fathers; the ratio is 3:1. Error bars are 95%
intervals. Either/or: home/work. The file return_by_age.csv holds the numbers; so does its chart.
"""
OFFENCES = ["CJ88116", "TH68010", "SX03001", "PK98001", "RT88191", "OF61016", "CD71039"]
MODEL = [
    ("age 25 to 29", 0.812, 0.744, 0.886, 0.0001, 2705),
    ("age 30 and over", 0.641, 0.581, 0.707, 0.0001, 2370),
    ("one earlier set", 1.934, 1.702, 2.198, 0.0001, 1105),
    ("area: North West", 1.042, 0.951, 1.142, 0.374, 3410),
]
BIG = [("2016/17", "1,204,350,115"), ("2017/18", "1,398,211,020"), ("2018/19", "1,411,009,870")]
PAGE = (
    "<!DOCTYPE html><html><head><title>Mothers who returned</title><style>td{{}}</style></head>"
    "<body><h1>Who returned</h1><p>About 1 in 4.</p><!-- the summary -->"
    "<svg viewBox='0 0 16 16'><path d='M2 2 L14 14 M14 2 L2 14'/></svg>"
    "<img src='data:image/png;base64,{image}' alt='A curve'/>"
    "<table><tr><th>group</th><th>people</th></tr><tr><td>all</td><td>9,425</td></tr>"
    "<tr><td>under 20</td><td>[c]</td></tr></table></body></html>"
)
SHEET = [("group", "people", "share"), ("all", 9425, 0.287), ("under 20", 1240, 0.341)]

BESIDE: dict[str, Callable[[], bytes]] = {
    "sources.txt": text(DOIS),
    "context.txt": text(CONTEXT),
    "context.yaml": text(CONTEXT),
    "reading.txt": text(WORDS),
    "welsh.txt": text(WORDS, "utf-16"),
    "notes.md": text("# Notes\n\n- Counts are rounded to 5.\n- See `return_by_age.csv`.\n\n" + DOIS),
    "empty.txt": text(""),
    "offences.csv": table(
        ("offence_code", "people", "share"), [(one, 100 + at * 5, 0.25) for at, one in enumerate(OFFENCES)]
    ),
    "regions.csv": table(
        ("area_code", "area", "people"), [(code, *found) for code, found in REGIONS.items()]
    ),
    "model.csv": table(("term", "hazard_ratio", "lower", "upper", "p_value", "people"), MODEL),
    "totals.csv": lambda: make.csv_text(("year", "total_pounds"), [(y, f'"{t}"') for y, t in BIG]).encode(),
    "wide.csv": table(("group", *map(str, range(2012, 2019))), [
        (group, *(100 + 5 * n for n in range(7))) for group in GROUPS
    ]),
    "weeks.csv": table(("day", "share"), [(day, round(0.0012 * day, 4)) for day in range(0, 1827, 7)]),
    "quarters.csv": table(("quarter_start", "people"), [
        (f"{year}-{month:02d}-01", 240) for year in range(2000, 2008) for month in (1, 4, 7, 10)
    ]),
    "european.csv": table(("group", "people", "share"), [("all", 9425, "0,287"), ("a", 95, "0,3")], ";"),
    "tabbed.tsv": table(("group", "people"), [("all", 9425), ("under 20", 1240)], "\t"),
    "markers.csv": table(("group", "people"), [("all", 40), ("a", "[c]"), ("b", ""), ("c", "-")]),
    "dictionary.csv": table(("variable", "meaning"), [
        ("person_id", "one person after linkage"), ("birth_month", "month of birth"),
        ("duration_days", "days to the event"), ("postcode", "never delivered"),
    ]),
    "birth_years.csv": table(("birth_year", "people"), [(year, 120 + year % 7 * 5) for year in range(1975, 1999)]),
    "histogram.csv": table(("from_days", "to_days", "people"), [
        (n * 30, n * 30 + 30, 40 + n * 5) for n in range(20)
    ]),
    "stages.csv": table(("stage", "median_days", "mean_weeks"), [("all", 120, 9), ("first", 5, 2)]),
    "plain.png": lambda: make.png(),
    "titled.png": lambda: make.png([(b"tEXt", b"Title\0Mothers who returned, 2008 to 2018"),
                                    (b"tEXt", b"Software\0Matplotlib version 3.10")]),
    "table.xlsx": lambda: make.xlsx(SHEET, creator="openpyxl", second=[("Notes",), ("Rounded to 5.",)]),
    "titled.xlsx": lambda: make.xlsx([("Mothers who returned",), ("Source: Data First",), (), *SHEET]),
    "table.ods": lambda: make.ods(SHEET),
    "context.docx": lambda: make.docx(
        "".join(map(make.paragraph, DOIS.splitlines())) + make.word_table(SHEET), creator="python-docx"
    ),
    "pictured.docx": lambda: make.docx(more={"word/media/image1.png": make.png()}),
    "page.html": lambda: PAGE.format(image=make.base64_of(make.png())).encode(),
    "plain.ipynb": lambda: make.notebook(
        make.shown("text/plain", ["   group  people\n0  all      9425\n1  young    1240\n2  old      8185\n"]),
        make.shown("image/png", make.base64_of(make.png())),
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    ),
    "results.json": lambda: json.dumps({
        "title": "Mothers who returned", "rows": [{"group": "all", "people": 9425, "share": 0.287},
                                                  {"group": "a", "people": 1240, "share": 0.341}],
    }).encode(),
    "code.ipynb": lambda: make.notebook(source=[
        "recurrence = ja.metrics.recurrence(warehouse, by='age', clock='issue')\n",
        "shares = recurrence.at([365, 1095, 1826], upper=0.9)\n", "\n",
        *("recurrence.plot(title='Who returned', by='age', share=0.5)\n" for _ in range(12)),
    ]),
    "icon.svg": text("<svg xmlns='http://www.w3.org/2000/svg'><path d='M2 2L8 8'/><text>A</text></svg>"),
    "paper.pdf": lambda: make.pdf(info="/Title (Mothers who returned)"),
}  # fmt: skip
