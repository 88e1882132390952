"""Cleaning of prison and probation rows: ethnicity in words, exchanged dates, lengths.

Nothing is dropped. What does not say an ethnic group is missing, not a group of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import ETHNICITY_GROUP_OF, SELF_DEFINED_ETHNICITIES
from justice_analysis.sources.cleaning_rules import Rule, is_before
from justice_analysis.sources.mapping import code_name
from justice_analysis.sources.mappings.criminal_cleaning import read_code, real_date

_GROUPS: Mapping[object, str] = {code: group for code, group in ETHNICITY_GROUP_OF.items()}
SEXES: Mapping[str, str] = {"F": "female", "M": "male", "Female": "female", "Male": "male"}
# Words of the probation data, and of the census, in letters alone: blanks, colons and case
# differ from row to row.
ETHNICITY_WORDS: Mapping[str, str] = {
    "whitebritishenglishwelshscottishnorthernirish": "W1",
    "whitebritish": "W1",
    "whiteirish": "W2",
    "whitegypsyirishtravellerromany": "W3",
    "whitegypsyoririshtraveller": "W3",
    "whiteother": "W9",
    "mixedwhiteandblackcaribbean": "M1",
    "mixedwhiteandblackafrican": "M2",
    "mixedwhiteandasian": "M3",
    "mixedother": "M9",
    "asianorasianbritishindian": "A1",
    "asianorasianbritishpakistani": "A2",
    "asianorasianbritishbangladeshi": "A3",
    "asianorasianbritishchinese": "A4",
    "chinese": "A4",
    "asianorasianbritishother": "A9",
    "blackorblackbritishcaribbean": "B1",
    "blackorblackbritishafrican": "B2",
    "blackorblackbritishother": "B9",
    "arab": "O2",
    "otherethnicgroup": "O9",
}
# Refusals, fillers of the system and blanks.
_NO_ETHNICITY = ("", "ns", "notstated", "refusal", "refused", "zdummyethnicity", "unknown")
PLACEHOLDER_LENGTHS = (0, 99_999)


def is_no_ethnicity(text: ir.StringValue) -> ir.BooleanValue:
    """Whether what stands for ethnicity is a refusal, a filler or a blank."""
    return _letters(text).isin(_NO_ETHNICITY).fill_null(False)


def ethnicity_code(text: ir.StringValue) -> ir.StringValue:
    """Self-defined ethnicity code of a code or of words; an unknown text is kept as `code:N`."""
    letters = _letters(text)
    coded = [(text.strip().upper() == code, code) for code in SELF_DEFINED_ETHNICITIES]
    worded = [(letters == words, code) for words, code in ETHNICITY_WORDS.items()]
    other = text.notnull().ifelse(ibis.literal("code:") + text, ibis.null("string"))
    return ibis.cases((is_no_ethnicity(text), ibis.null("string")), *coded, *worded, else_=other)


def ethnicity_group(code: ir.StringValue) -> ir.StringValue:
    """One of the five groups of a self-defined code; missing where the code is not one."""
    known = code.isin(list(ETHNICITY_GROUP_OF)).ifelse(code, ibis.null("string"))
    return code_name(known, _GROUPS)


def recorded_sex(gender: ir.StringValue) -> ir.StringValue:
    """Sex of a gender however it is written; an unknown one is kept as `code:N`."""
    return read_code(gender, SEXES)


def _letters(text: ir.StringValue) -> ir.StringValue:
    """The letters of a text, small: digits, blanks and marks go, since no group turns on them."""
    return text.lower().re_replace("[^a-z]+", "")


def with_ethnicity(rows: ir.Table, column: str) -> ir.Table:
    """Add `ethnicity_code` and `ethnicity_group`, read once for each text that occurs."""
    texts = rows.select(said=rows[column]).distinct()
    read = texts.filter(texts.said.notnull()).mutate(ethnicity_code=ethnicity_code(texts.said))
    held = engine.materialise(read, step="texts of ethnicity")
    known = held.mutate(ethnicity_group=ethnicity_group(held.ethnicity_code))
    return rows.left_join(known, rows[column] == known.said).drop("said")


def ethnicity_rules(table: str, rows: ir.Table, column: str) -> list[Rule]:
    """Count texts that say no ethnic group, and texts in no list, after `with_ethnicity`."""
    none = rows[column].notnull() & rows.ethnicity_code.isnull()
    unknown = rows.ethnicity_code.like("code:%").fill_null(False)
    return [
        Rule(table, "no ethnic group: refusal, filler or blank", rows, none),
        Rule(table, "ethnicity in no list", rows, unknown),
    ]


# Intervals ------------------------------------------------------------------------------


def in_order(rows: ir.Table, start: str, end: str) -> ir.Table:
    """Give `start` and `end` without placeholders, exchanged where the end comes first.

    Both days are known and lie the wrong way round, so the time between them is the best
    reading; to drop the end would make the stay an open one. `was_exchanged` marks such rows.
    """
    known = rows.mutate(_start=real_date(rows[start]), _end=real_date(rows[end]))
    wrong = is_before(known._end, known._start)
    return known.mutate(
        was_exchanged=wrong,
        start=wrong.ifelse(known._end, known._start),
        end=wrong.ifelse(known._start, known._end),
    ).drop("_start", "_end")


def real_length(days: ir.NumericValue) -> ir.NumericValue:
    """The length, or missing where it is a placeholder or negative."""
    return is_no_length(days).ifelse(ibis.null(days.type()), days)


def is_no_length(days: ir.NumericValue) -> ir.BooleanValue:
    """Whether a length is one that stands for none."""
    return ((days < 0) | days.isin(PLACEHOLDER_LENGTHS)).fill_null(False)


def overlaps_earlier(rows: ir.Table, *, person: str) -> ir.BooleanValue:
    """Whether a row begins before an earlier one of the same person has ended.

    Takes `start`, `end`, `row` and the person's column; ends that are not known do not count.
    """
    window = {"group_by": rows[person], "order_by": [rows.start, rows.row]}
    earlier = rows.end.max().over(**window, rows=(None, -1))
    return (rows[person].notnull() & (earlier > rows.start)).fill_null(False)


def next_start(rows: ir.Table, *, person: str) -> ir.DateValue:
    """The start of the same person's next row; missing where there is none, or no person."""
    window = ibis.window(group_by=rows[person], order_by=[rows.start, rows.row])
    return rows[person].notnull().ifelse(rows.start.lead().over(window), ibis.null("date"))


def too_long_ago(date: ir.DateValue, last: ir.DateValue, *, days: int) -> ir.BooleanValue:
    """Whether a day lies so many days before the last that was seen."""
    return (engine.days_between(last, date) > days).fill_null(False)


def is_no_rank(rank: ir.IntegerValue) -> ir.BooleanValue:
    """Whether a rank of deprivation stands for none: ranks begin at 1."""
    return (rank < 1).fill_null(False)
