"""A first draft of an adapter, from what a profile saw; every guess says that it is one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from justice_analysis.contracts import Contract, Field, TableContract
from justice_analysis.sources.profile.columns import ColumnProfile
from justice_analysis.sources.profile.folder import FileProfile, FolderProfile
from justice_analysis.sources.profile.layouts import Parts, find_parts, find_slots, same_columns
from justice_analysis.sources.profile.likeness import likeness
from justice_analysis.sources.profile.matching import LEAST, ColumnMatch, TableMatch
from justice_analysis.sources.profile.pieces import JoinGuess, guess_joins
from justice_analysis.sources.profile.rounding import shown

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
_DAY, _MONTH = "%d/%m/%Y", "%m/%d/%Y"


def draft_adapter(profile: FolderProfile, contract: Contract) -> str:
    """Draft an adapter file.

    Parameters
    ----------
    profile
        Of the folder, with the contract's dataset named.
    contract
        What the adapter should bring the files to.

    Returns
    -------
    str
        YAML that is a valid adapter. What needs a look has a comment that begins `check:`.
    """
    return "\n".join(_lines(profile, contract)) + "\n"


def _lines(profile: FolderProfile, contract: Contract) -> Iterator[str]:
    yield f"# Drafted by justice data profile from {len(profile.files)} files. Look at every line"
    yield "# with check: before you use it; what was not found is listed below each table."
    yield f"dataset: {contract.name}"
    yield from _form_lines(profile)
    yield "tables:" if profile.matches else "tables: {}  # check: no file looks like a table"
    for match in profile.matches:
        yield from _table_lines(profile, match, contract.table(match.table))
    found = {match.table for match in profile.matches}
    for table in contract.tables:
        if table.name not in found:
            words = "may be absent" if table.optional else "needed"
            yield f"  # check: no file looks like {table.name} ({words})"


def _form_lines(profile: FolderProfile) -> Iterator[str]:
    texts = [one for one in profile.files if one.form.startswith("csv")]
    for key, usual in (("delimiter", ","), ("encoding", "utf-8")):
        held = list(dict.fromkeys(getattr(one, key) for one in texts))
        if len(held) > 1:
            yield f"# check: the files differ in {key}; an adapter can name one only"
        if held and held[0] != usual:
            yield f"{key}: {_quoted(held[0])}"


def _table_lines(profile: FolderProfile, match: TableMatch, table: TableContract) -> Iterator[str]:
    file = profile.file(match.file)
    number = _slot_number(file, match, table)
    match = replace(match, absent=tuple(one for one in match.absent if one != number))
    joins = guess_joins(profile, match, table)
    columns = {one.name: one for one in file.columns}
    columns |= {one.name: one.as_column for one in find_slots(file.columns)}
    yield f"  {table.name}:"
    yield from _file_lines(profile, match)
    for join in joins:
        yield from _join_lines(join)
        columns |= {one.name: one for one in profile.file(join.file).columns}
    matches = (*match.columns, *(one for join in joins for one in join.columns))
    held = [(table.field(one.field), columns[one.column]) for one in matches]
    parts = dict(_guessed_parts(file, match, table))
    yield from _slot_lines(file, match, number or "slot_number")
    yield from _part_lines(parts)
    yield from _column_lines([one for one in matches if one.field not in parts])
    yield from _code_lines(held)
    yield from _date_lines(held)
    yield from _missing_lines(held)
    found = {*parts, *(one.field for one in matches)}
    absent = [name for name in match.absent if name not in found]
    if absent:
        words = [f"{name} (needed)" if _is_needed(table, name) else name for name in absent]
        yield f"    # check: not found: {', '.join(words)}"


def _is_needed(table: TableContract, name: str) -> bool:
    return table.field(name).required or name in table.primary_key


def _file_lines(profile: FolderProfile, match: TableMatch) -> Iterator[str]:
    names = {one.name: one.columns for one in profile.files}
    group = next((one for one in same_columns(names) if match.file in one), (match.file,))
    score = f"# check: score {match.score:.2f}, {len(match.columns)} columns found"
    if len(group) > 1:
        yield f"    union: [{', '.join(map(_quoted, group))}]  {score}"
    else:
        yield f"    file: {_quoted(match.file)}  {score}"


def _join_lines(join: JoinGuess) -> Iterator[str]:
    by = f"{{{_quoted(join.ours)}: {_quoted(join.theirs)}}}"
    columns = ", ".join(_quoted(one.column) for one in join.columns)
    yield f"    join:  # check: {join.file} holds columns that {join.first} lacks"
    file = _quoted(join.file)
    yield f"      - {{file: {file}, by: {by}, rows: {join.rows}, columns: [{columns}]}}"


def _slot_number(file: FileProfile, match: TableMatch, table: TableContract) -> str | None:
    """The part of the key that the number of the slot may be, which no column is like."""
    used = {one.column for one in match.columns}
    if not any(one.name in used for one in find_slots(file.columns)):
        return None
    key = [name for name in match.absent if name in table.primary_key]
    return next((name for name in key if table.field(name).type == "integer"), None)


def _slot_lines(file: FileProfile, match: TableMatch, number: str) -> Iterator[str]:
    used = {one.column for one in match.columns}
    slots = [one for one in find_slots(file.columns) if one.name in used]
    if slots:
        yield "    unpivot:  # check: columns side by side become rows"
        yield f"      number: {number}"
        yield "      values:"
        for one in slots:
            yield f"        {_quoted(one.name)}: {_quoted(one.pattern)}"


def _guessed_parts(
    file: FileProfile, match: TableMatch, table: TableContract
) -> Iterator[tuple[str, Parts]]:
    """Dates in their parts, for fields that no column is like."""
    dates = [n for n in match.absent if table.field(n).type in ("date", "yearmonth")]
    for parts in find_parts(file.columns):
        best = max(dates, key=lambda name: likeness(name, parts.name), default=None)
        if best is not None and likeness(best, parts.name) >= LEAST:
            yield best, parts


def _part_lines(parts: Mapping[str, Parts]) -> Iterator[str]:
    if parts:
        yield "    date_parts:"
    for name, one in parts.items():
        day = _quoted(one.day) if one.day else "1"
        held = f"{{year: {_quoted(one.year)}, month: {_quoted(one.month)}, day: {day}}}"
        yield f"      {name}: {held}  # check: {one.name} in its parts"


def _column_lines(matches: Sequence[ColumnMatch]) -> Iterator[str]:
    other = [one for one in matches if one.field.lower() != one.column.strip().lower()]
    if other:
        yield "    columns:"
    for one in other:
        why = "" if one.is_sure else f"  # check: {'; '.join(one.reasons)}"
        yield f"      {one.field}: {_quoted(one.column)}{why}"


# Codes ----------------------------------------------------------------------------------


def _code_lines(held: Sequence[tuple[Field, ColumnProfile]]) -> Iterator[str]:
    """Translate codes whose words are alike; the others are left to the reader."""
    blocks = [(field, column) for field, column in held if _needs_codes(field, column)]
    guesses = {field.name: dict(_guessed(field, column)) for field, column in blocks}
    if any(guesses.values()):
        yield "    codes:"
    elif blocks:
        yield "    # codes:"
    for field, column in blocks:
        guessed = guesses[field.name]
        yield f"      {field.name}:" if guessed else f"    #  {field.name}:"
        for code, target in guessed.items():
            yield f"        {json.dumps(code, ensure_ascii=False)}: {json.dumps(target)}  # check"
        for code, rows in column.values.items():
            if code not in guessed and code not in _known(field):
                about = shown(rows)
                written = json.dumps(code, ensure_ascii=False)
                yield f"    #   {written}: ?  # check: about {about} rows; one of {_options(field)}"


def _known(field: Field) -> tuple[str, ...]:
    return field.enum or field.codes


def _needs_codes(field: Field, column: ColumnProfile) -> bool:
    return bool(_known(field)) and bool(
        set(column.values) - set(_known(field)) - set(column.markers)
    )


def _options(field: Field) -> str:
    first = [(code, field.label(code) or code) for code in _known(field)[:8]]
    labels = [code if code == label else f"{code} {label}" for code, label in first]
    return ", ".join(labels) + (", ..." if len(_known(field)) > 8 else "")


def _guessed(field: Field, column: ColumnProfile) -> Iterator[tuple[str, str]]:
    """Codes that are a contract code but for case, or begin exactly one label."""
    for code in column.values:
        if code in _known(field):
            continue
        word = code.strip().lower()
        same = [one for one in _known(field) if one.lower() == word]
        if not same and not word.isdecimal():
            same = [
                one for one in _known(field) if (field.label(one) or one).lower().startswith(word)
            ]
        if len(same) == 1:
            yield code, same[0]


# Dates and missing values ---------------------------------------------------------------


def _date_lines(held: Sequence[tuple[Field, ColumnProfile]]) -> Iterator[str]:
    lines = [line for field, column in held for line in _one_date(field, column)]
    if lines:
        yield "    date_format:"
        yield from lines


def _one_date(field: Field, column: ColumnProfile) -> Iterator[str]:
    if field.type not in ("date", "yearmonth") or not column.formats:
        return
    formats = sorted(column.formats, key=lambda one: -(column.formats[one] or 0))
    usual = "%Y-%m" if field.type == "yearmonth" else "%Y-%m-%d"
    note = ""
    if {_DAY, _MONTH} <= set(formats):
        first, second = (
            (_DAY, _MONTH) if formats.index(_DAY) < formats.index(_MONTH) else (_MONTH, _DAY)
        )
        if column.formats[_DAY] == column.formats[_MONTH]:
            note = "  # check: every date fits day first and month first"
        formats = [one for one in formats if one != second]
        formats = [first if one in (_DAY, _MONTH) else one for one in formats]
    if formats == [usual]:
        return
    if field.type == "date" and column.kind == "month":
        note = "  # check: months only; the first day will stand for each"
    written = ", ".join(f'"{one}"' for one in formats)
    yield f"      {field.name}: {written if len(formats) == 1 else f'[{written}]'}{note}"


def _missing_lines(held: Sequence[tuple[Field, ColumnProfile]]) -> Iterator[str]:
    by_field: Mapping[str, list[str]] = {
        field.name: list(column.markers) for field, column in held if column.markers
    }
    if by_field:
        yield "    missing:  # check: that these mean missing"
    for name, markers in by_field.items():
        yield f"      {name}: [{', '.join(json.dumps(one) for one in markers)}]"


def _quoted(name: str) -> str:
    is_plain = _PLAIN.fullmatch(name) and name.lower() not in _WORDS
    return name if is_plain else json.dumps(name, ensure_ascii=False)
