"""Descriptors (Frictionless Data Package, version 2 or 1; YAML or JSON) read as contracts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.contracts.date_formats import formats_of
from justice_analysis.contracts.descriptor import (
    Break,
    Category,
    Contract,
    Field,
    ForeignKey,
    Source,
    TableContract,
)
from justice_analysis.errors import ContractError, SourceError

OURS = {
    "package": {
        "jurisdiction", "nature", "custodian", "how_to_apply", "citation", "covers", "breaks",
        "licence_note", "short_title",
    },
    "covers": {"from", "to", "name_status", "source"},
    "break": {"what", "from", "to", "source"},
    "resource": {"grain", "name_status", "source", "optional", "date_order", "dated_by"},
    "field": {"name_status", "codes_status", "type_status", "source", "identifies"},
}  # fmt: skip
# Types that the standard has and we know under another name.
OLD_TYPES = {"any": "string", "year": "integer", "datetime": "date"}


def read_contract(path: Path | str) -> Contract:
    """Read one descriptor file.

    Parameters
    ----------
    path
        A `.yaml`, `.yml` or `.json` file.

    Raises
    ------
    SourceError
        If the file is missing or is not YAML or JSON.
    ContractError
        If it is readable but not a valid contract; lists every problem.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SourceError(f"the descriptor {file} cannot be read; check the path.") from None
    return parse_contract(text, where=file.name)


def parse_contract(text: str, *, where: str = "descriptor") -> Contract:
    """Read a descriptor from text; `where` names it in messages."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        descriptor = yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        raise SourceError(f"{where} is not readable YAML or JSON{_line(error)}.") from None
    if not isinstance(descriptor, Mapping):
        raise ContractError(f"{where} must be a mapping of properties such as name and resources.")
    return from_package(descriptor)


def from_package(descriptor: Mapping[str, Any]) -> Contract:
    """Turn a parsed data package into a contract.

    A plain data package without our `justice` properties is read too: what it leaves unsaid
    counts as assumed.
    """
    noticed: list[str] = []
    ours = _ours(descriptor, "package", "", noticed)
    covers = _mapping(ours.get("covers"), "covers", noticed)
    _refuse_unknown(covers, "covers", "covers", noticed)
    return Contract(
        name=_text(descriptor, "name"),
        title=_text(descriptor, "title"),
        version=_text(descriptor, "version"),
        description=_text(descriptor, "description"),
        jurisdiction=_text(ours, "jurisdiction", "cross"),
        nature=_text(ours, "nature", "restricted"),
        custodian=_text(ours, "custodian"),
        how_to_apply=_text(ours, "how_to_apply"),
        citation=_text(ours, "citation"),
        covers_from=_date(covers, "from", "covers", noticed),
        covers_to=_date(covers, "to", "covers", noticed),
        covers_status=_text(covers, "name_status", "assumed"),
        covers_source=_text(covers, "source"),
        licence_note=_text(ours, "licence_note"),
        short_title=_text(ours, "short_title", _text(descriptor, "title")),
        breaks=tuple(_break(one, noticed) for one in _mappings(ours, "breaks", "", noticed)),
        sources=tuple(
            Source(_text(one, "title"), _text(one, "path"))
            for one in _mappings(descriptor, "sources", "", noticed)
        ),
        tables=tuple(
            _table(one, noticed) for one in _mappings(descriptor, "resources", "", noticed)
        ),
        noticed=noticed,
    )


def _table(resource: Mapping[str, Any], noticed: list[str]) -> TableContract:
    name = _text(resource, "name")
    where = f"table {name}: "
    ours = _ours(resource, "resource", where, noticed)
    schema = _mapping(resource.get("schema"), f"{where}schema", noticed)
    return TableContract(
        name=name,
        title=_text(resource, "title", name),
        description=_text(resource, "description"),
        grain=_text(ours, "grain", "one row per record (grain not stated)"),
        name_status=_text(ours, "name_status", "assumed"),
        source=_text(ours, "source"),
        optional=_flag(ours, "optional", where, noticed),
        fields=tuple(
            _field(one, where, noticed) for one in _mappings(schema, "fields", where, noticed)
        ),
        primary_key=_names(schema.get("primaryKey")),
        foreign_keys=tuple(
            _foreign_key(one, name, where, noticed)
            for one in _mappings(schema, "foreignKeys", where, noticed)
        ),
        missing_values=_missing_values(schema, where, noticed),
        date_order=_pairs(ours, where, noticed),
        dated_by=_text(ours, "dated_by") or None,
    )


def _field(field: Mapping[str, Any], where: str, noticed: list[str]) -> Field:
    name = _text(field, "name")
    where = f"{where}field {name}: "
    ours = _ours(field, "field", where, noticed)
    limits = _mapping(field.get("constraints"), f"{where}constraints", noticed)
    kind = _text(field, "type", "string")
    return Field(
        name=name,
        type=OLD_TYPES.get(kind, kind),
        title=_text(field, "title", name),
        description=_text(field, "description"),
        required=_flag(limits, "required", where, noticed),
        minimum=_bound(limits.get("minimum")),
        maximum=_bound(limits.get("maximum")),
        enum=tuple(_code(value) for value in _list(limits, "enum", where, noticed)),
        pattern=None if limits.get("pattern") is None else str(limits["pattern"]),
        categories=tuple(_category(one) for one in _list(field, "categories", where, noticed)),
        name_status=_text(ours, "name_status", "assumed"),
        codes_status=_optional(ours, "codes_status", field),
        source=_text(ours, "source"),
        type_status=_text(ours, "type_status", "assumed"),
        identifies=None if "identifies" not in ours else str(ours["identifies"]),
        formats=formats_of(field.get("format"), kind),
    )


def _foreign_key(key: Mapping[str, Any], table: str, where: str, noticed: list[str]) -> ForeignKey:
    reference = _mapping(key.get("reference"), f"{where}reference", noticed)
    # A key within one table names no resource (version 2) or the empty one (version 1).
    return ForeignKey(
        fields=_names(key.get("fields")),
        table=_text(reference, "resource") or table,
        reference_fields=_names(reference.get("fields")),
    )


def _break(one: Mapping[str, Any], noticed: list[str]) -> Break:
    _refuse_unknown(one, "break", "breaks", noticed)
    return Break(
        what=_text(one, "what"),
        source=_text(one, "source"),
        from_date=_date(one, "from", "breaks", noticed),
        to_date=_date(one, "to", "breaks", noticed),
    )


def _category(one: Any) -> Category:
    if isinstance(one, Mapping):
        value = _code(one.get("value"))
        return Category(value, _text(one, "label", value))
    return Category(_code(one), _code(one))


def _missing_values(schema: Mapping[str, Any], where: str, noticed: list[str]) -> tuple[str, ...]:
    """Markers of a missing value; version 2 allows a label beside each."""
    if "missingValues" not in schema:
        return ("",)
    return tuple(_category(one).value for one in _list(schema, "missingValues", where, noticed))


def _optional(ours: Mapping[str, Any], key: str, field: Mapping[str, Any]) -> str | None:
    """The status of a code list: assumed where a plain package has one and says nothing."""
    if key in ours:
        return str(ours[key])
    return "assumed" if field.get("categories") and "justice" not in field else None


def _ours(
    described: Mapping[str, Any], level: str, where: str, noticed: list[str]
) -> Mapping[str, Any]:
    ours = _mapping(described.get("justice"), f"{where}justice", noticed)
    _refuse_unknown(ours, level, f"{where}justice", noticed)
    return ours


def _refuse_unknown(given: Mapping[str, Any], level: str, where: str, noticed: list[str]) -> None:
    """A mistyped property of ours would be lost in silence."""
    unknown = sorted(str(key) for key in given if key not in OURS[level])
    if unknown:
        noticed.append(f"{where} has unknown properties: {', '.join(unknown)}.")


def _mapping(value: Any, where: str, noticed: list[str]) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        noticed.append(f"{where} must be a mapping.")
        return {}
    return value


def _mappings(
    described: Mapping[str, Any], key: str, where: str, noticed: list[str]
) -> list[Mapping[str, Any]]:
    given = described.get(key)
    if given is None:
        return []
    if not isinstance(given, list) or any(not isinstance(one, Mapping) for one in given):
        noticed.append(f"{where}{key} must be a list of mappings.")
        return []
    return given


def _pairs(ours: Mapping[str, Any], where: str, noticed: list[str]) -> tuple[tuple[str, str], ...]:
    pairs = [_names(one) for one in _list(ours, "date_order", where, noticed)]
    if any(len(pair) != 2 for pair in pairs):
        noticed.append(f"{where}date_order must hold pairs of two fields.")
    return tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2)


def _list(described: Mapping[str, Any], key: str, where: str, noticed: list[str]) -> list[Any]:
    value = described.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        noticed.append(f"{where}{key} must be a list.")
        return []
    return value


def _flag(described: Mapping[str, Any], key: str, where: str, noticed: list[str]) -> bool:
    value = described.get(key, False)
    if not isinstance(value, bool):
        noticed.append(f"{where}{key} must be true or false.")
    return value is True


def _text(described: Mapping[str, Any], key: str, default: str = "") -> str:
    value = described.get(key)
    # Only line ends are folded: a column's name may end in a blank that counts.
    return default if value is None else str(value).strip("\n")


def _names(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(one) for one in value)


def _code(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bound(value: Any) -> str | float | None:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str | int | float) else None


def _date(described: Mapping[str, Any], key: str, where: str, noticed: list[str]) -> dt.date | None:
    value = described.get(key)
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        noticed.append(f"{key} of {where} must be a date such as 2007-04-01.")
        return None


def _line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" (line {mark.line + 1})" if mark else ""
