"""Draft a contract from a file of published schema facts.

    python tools/draft_contract.py FACTS.yaml DATASET > draft.yaml

The facts are YAML: `datasets`, each with `published_title`, `coverage` (`start`, `end`,
`status`, `sources`, `exclusions`), `quality` and `tables`, a table with `name`,
`unit_of_record`, `status`, `source` and `variables`, a variable with `name`, `type`,
`description`, `codes`, `status` and `source`. A draft says what was published and marks all
else as assumed. It is a start: keys, code lists, required columns, custodian and access are
written by hand, and every TO DO is to be replaced.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

TODO = "TO DO"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
MISSING = ["", "NA", "NULL"]
# The first word found in a published type decides; what is not said is read as text.
TYPES = {
    "date": "date",
    "timestamp": "date",
    "varchar": "string",
    "bool": "boolean",
    "integer": "integer",
    "bigint": "integer",
    "smallint": "integer",
    "int": "integer",
    "numeric": "number",
    "number": "number",
    "decimal": "number",
    "float": "number",
}
Facts = Mapping[str, Any]


def status_of(words: object) -> str:
    """The status that a contract knows for a status as the facts word it."""
    written = str(words or "").upper()
    known = {"CONFIRMED": "confirmed", "SECONDARY": "secondary"}
    return next((ours for theirs, ours in known.items() if written.startswith(theirs)), "assumed")


def type_of(words: object) -> str:
    """The contract's type for a type as published."""
    written = str(words or "").lower()
    if re.search(r"yyyy-mm(?!-)", written):
        return "yearmonth"
    return next((ours for word, ours in TYPES.items() if word in written), "string")


def draft_contract(facts: Facts, dataset: str) -> dict[str, Any]:
    """Draft the contract of one dataset, as a data package with our `justice` properties.

    Parameters
    ----------
    facts
        The whole file of facts.
    dataset
        A key of `datasets`; it names the contract.

    Raises
    ------
    SystemExit
        If the facts do not hold the dataset; says which they hold.
    """
    held = facts.get("datasets") or {}
    if dataset not in held:
        raise SystemExit(f"{dataset} is not among the facts, which hold: {', '.join(held)}.")
    one = held[dataset]
    tables = one.get("tables") or []
    sources = dict.fromkeys(path for cited in _sources(one) for path in cited.split(" ; "))
    return {
        "$schema": PROFILE,
        "name": _name(dataset),
        "title": one.get("published_title") or TODO,
        "version": "1.0",
        "description": _sentence(f"{TODO}. Source system: {one.get('source_system', 'unknown')}"),
        "sources": [{"title": TODO, "path": path} for path in sources],
        "justice": _access(one),
        "resources": [_resource(table, number) for number, table in enumerate(tables, 1)],
    }


def _access(one: Facts) -> dict[str, Any]:
    covered = one.get("coverage") or {}
    cited = _cited(covered)
    days = {"from": _day(covered.get("start")), "to": _day(covered.get("end"))}
    told = {name: day for name, day in days.items() if day}
    breaks = [*(covered.get("exclusions") or []), *(one.get("quality") or [])]
    return {
        "jurisdiction": TODO,
        "nature": "restricted",
        "custodian": TODO,
        "how_to_apply": TODO,
        "citation": TODO,
        "covers": {**told, "name_status": status_of(covered.get("status")), "source": cited},
        "breaks": [{"what": _sentence(what), "source": cited} for what in breaks],
        "licence_note": TODO,
    }


def _resource(table: Facts, number: int) -> dict[str, Any]:
    name = _table_name(table, number)
    named = [one for one in table.get("variables") or [] if _is_named(one.get("name"))]
    status = status_of(table.get("status")) if _is_named(table.get("name")) else "assumed"
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": _words(name),
        "type": "table",
        "justice": {
            "grain": f"one row per {_unit(table)}",
            "name_status": status,
            "source": _as_source(_cited(table), status),
            "optional": False,
        },
        "schema": {"fields": [_field(one) for one in named], "missingValues": MISSING},
    }


def _unit(table: Facts) -> str:
    return str(table.get("unit_of_record") or TODO).removeprefix("one ")


def _field(variable: Facts) -> dict[str, Any]:
    codes = variable.get("codes")
    listed = codes if isinstance(codes, list) else []
    noted = "" if listed or _is_empty(codes) else f" Codes as published: {_sentence(codes)}"
    status = status_of(variable.get("status"))
    has_type = not _is_empty(variable.get("type")) and status != "assumed"
    ours = {"name_status": status, "type_status": status if has_type else "assumed"}
    if listed:
        ours["codes_status"] = status
    field: dict[str, Any] = {
        "name": variable["name"],
        "type": type_of(variable.get("type")),
        "title": _words(variable["name"]),
        "description": ((_sentence(variable.get("description")) or TODO) + noted).strip(),
    }
    if listed:
        field["categories"] = [{"value": str(code), "label": str(code)} for code in listed]
    cited = _cited(variable)
    return {**field, "justice": {**ours, "source": _as_source(cited, status)}}


def _table_name(table: Facts, number: int) -> str:
    """The table's name; one in brackets after `unknown` is a description, and serves."""
    written = str(table.get("name") or "")
    described = re.search(r"\(([^,)]*)", written)
    if _is_named(written):
        return _name(written)
    return _name(described.group(1)) if described else f"table_{number}"


def _name(words: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return plain if plain[:1].isalpha() else f"t_{plain}"


def _words(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()


def _sentence(words: object) -> str:
    text = " ".join(str(words or "").split())
    return (
        text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".") * bool(text)
    )


def _is_named(name: object) -> bool:
    return bool(name) and not str(name).lower().startswith("unknown")


def _is_empty(words: object) -> bool:
    return str(words or "").strip().lower() in ("", "unknown", "none")


def _day(words: object) -> str:
    found = re.match(r"\d{4}-\d{2}-\d{2}", str(words or ""))
    return found.group(0) if found else ""


def _cited(one: Facts) -> str:
    given = one.get("source") or one.get("sources") or TODO
    return given if isinstance(given, str) else " ; ".join(given)


def _as_source(cited: str, status: str) -> str:
    """The source of a name; a contract says of an assumed one that it is."""
    return f"assumed: {cited}" if status == "assumed" else cited


def _sources(one: Any) -> Iterator[str]:
    """Every source named anywhere in the facts about a dataset."""
    if isinstance(one, Mapping):
        for key, value in one.items():
            named = value if key in ("source", "sources") else None
            yield from [named] if isinstance(named, str) and named else named or _sources(value)
    elif isinstance(one, list):
        for part in one:
            yield from _sources(part)


class _Indented(yaml.SafeDumper):
    """Writes lists indented below their key, as the contracts are written."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def main(arguments: list[str]) -> None:
    """Print the draft of a dataset's contract."""
    if len(arguments) != 2:
        raise SystemExit("usage: python tools/draft_contract.py FACTS.yaml DATASET")
    facts = yaml.safe_load(Path(arguments[0]).read_text(encoding="utf-8"))
    draft = draft_contract(facts, arguments[1])
    print(yaml.dump(draft, Dumper=_Indented, sort_keys=False, width=98, allow_unicode=True), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
