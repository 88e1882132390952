"""Contracts written back as Frictionless Data Package (version 2) descriptors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from justice_analysis.contracts.descriptor import (
    Break,
    Contract,
    Field,
    ForeignKey,
    TableContract,
)
from justice_analysis.errors import UsageError

SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"

Paths = Mapping[str, str | PurePath | Sequence[str | PurePath]]


def as_package(contract: Contract, paths: Paths) -> dict[str, Any]:
    """Describe files on disk as a data package, under a contract.

    Parameters
    ----------
    contract
        The contract that the files were made or checked under.
    paths
        Table name to its file, or to its parts in order, relative to the descriptor. A table
        that is not named is left out, with the foreign keys that refer to it.

    Returns
    -------
    dict
        A descriptor of plain lists, numbers and text, ready for YAML or JSON.

    Raises
    ------
    UsageError
        If a table is not in the contract, a path is absolute or leaves the folder, or no
        table is named.
    """
    _refuse_paths(contract, paths)
    described = {
        "$schema": SCHEMA,
        "name": contract.name,
        "title": contract.title,
        "version": contract.version,
        "description": contract.description,
        "sources": [{"title": one.title, "path": one.path} for one in contract.sources],
        "justice": _package_properties(contract),
        "resources": [_resource(table, paths) for table in contract.tables if table.name in paths],
    }
    return _without_empty(described)


def _refuse_paths(contract: Contract, paths: Paths) -> None:
    unknown = [name for name in paths if name not in contract.table_names]
    if unknown:
        raise UsageError(f"{contract.name} has no table called {', '.join(sorted(unknown))}.")
    if not paths:
        raise UsageError(f"{contract.name}: a data package must name at least one table.")
    given = [path for name in paths for path in _parts(paths[name])]
    if any(PurePath(path).is_absolute() or ".." in PurePath(path).parts for path in given):
        raise UsageError(f"{contract.name}: paths must be relative and stay in their folder.")


def _parts(given: str | PurePath | Sequence[str | PurePath]) -> list[str]:
    parts = [given] if isinstance(given, str | PurePath) else given
    return [PurePath(one).as_posix() for one in parts]


def _package_properties(contract: Contract) -> dict[str, Any]:
    return {
        "jurisdiction": contract.jurisdiction,
        "nature": contract.nature,
        "custodian": contract.custodian,
        "how_to_apply": contract.how_to_apply,
        "citation": contract.citation,
        "covers": _without_empty(
            {
                "from": contract.covers_from and contract.covers_from.isoformat(),
                "to": contract.covers_to and contract.covers_to.isoformat(),
                "name_status": contract.covers_status,
                "source": contract.covers_source,
            }
        ),
        "breaks": [_break(one) for one in contract.breaks],
        "licence_note": contract.licence_note,
        "short_title": contract.short_title,
    }


def _break(one: Break) -> dict[str, str]:
    described = {
        "what": one.what,
        "from": one.from_date and one.from_date.isoformat(),
        "to": one.to_date and one.to_date.isoformat(),
        "source": one.source,
    }
    return _without_empty(described)


def _resource(table: TableContract, paths: Paths) -> dict[str, Any]:
    parts = _parts(paths[table.name])
    described = {
        "name": table.name,
        "path": parts[0] if len(parts) == 1 else parts,
        "title": table.title,
        "type": "table",
        "description": table.description,
        "justice": {
            "grain": table.grain,
            "name_status": table.name_status,
            "source": table.source,
            "optional": table.optional,
            "date_order": [list(pair) for pair in table.date_order],
            "dated_by": table.dated_by,
        },
        "schema": _schema(table, paths),
    }
    return _without_empty(described)


def _schema(table: TableContract, paths: Paths) -> dict[str, Any]:
    keys = [_foreign_key(key, table) for key in table.foreign_keys if key.table in paths]
    described = {
        "fields": [_field(field) for field in table.fields],
        "primaryKey": list(table.primary_key),
        "foreignKeys": keys,
    }
    # An empty list of markers means something: that even an empty text is a value.
    return {**_without_empty(described), "missingValues": list(table.missing_values)}


def _foreign_key(key: ForeignKey, table: TableContract) -> dict[str, Any]:
    reference: dict[str, Any] = {"fields": list(key.reference_fields)}
    if key.table != table.name:
        reference["resource"] = key.table
    return {"fields": list(key.fields), "reference": reference}


def _field(field: Field) -> dict[str, Any]:
    described = {
        "name": field.name,
        "type": field.type,
        "format": field.formats[0] if len(field.formats) == 1 else list(field.formats),
        "title": field.title,
        "description": field.description,
        "constraints": _constraints(field),
        "categories": [
            {"value": _as_type(one.value, field), "label": one.label} for one in field.categories
        ],
        "justice": _without_empty(
            {
                "name_status": field.name_status,
                "type_status": field.type_status,
                "codes_status": field.codes_status,
                "source": field.source,
                "identifies": field.identifies,
            }
        ),
    }
    return _without_empty(described)


def _constraints(field: Field) -> dict[str, Any]:
    described = {
        "required": field.required or None,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "enum": [_as_type(value, field) for value in field.enum],
        "pattern": field.pattern,
    }
    return _without_empty(described)


def _as_type(code: str, field: Field) -> str | int:
    """The standard wants the codes of an integer field as integers."""
    return int(code) if field.type == "integer" else code


def _without_empty(described: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is not said: missing, empty text, empty lists and mappings."""
    return {key: value for key, value in described.items() if value not in (None, "", [], {})}
