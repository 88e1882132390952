"""Loading: extracts to a new generation of a warehouse, whole or not at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import yaml
from ibis.backends import BaseBackend

import justice_analysis
from justice_analysis import contracts, engine
from justice_analysis.contracts import Contract
from justice_analysis.errors import WarehouseError
from justice_analysis.linkage.levels import DEFAULT_PRECEDENCE, STATED
from justice_analysis.linkage.people import RULE
from justice_analysis.linkage.proceedings import ProceedingsRule, check_sources
from justice_analysis.linkage.spine import Spine, build_spine
from justice_analysis.sources.cleaning import CleanExtract, clean_extract
from justice_analysis.sources.extract import Extract
from justice_analysis.sources.ledger import Ledger
from justice_analysis.sources.mapping import CommonTables, MappingContext
from justice_analysis.sources.own_mapping import mapping_of
from justice_analysis.warehouse import accounts, generations, inputs
from justice_analysis.warehouse import quality as measures
from justice_analysis.warehouse.changes import changes, load_before
from justice_analysis.warehouse.common import Writer, parts_of, write_common
from justice_analysis.warehouse.conformity import check_conformity
from justice_analysis.warehouse.opened import Warehouse, open

Progress = Callable[[str], None]
# With 0.7 GB, a load of 9 million delivered rows took an eighth more processor time than with 12.
MEMORY_GB = 4.0


def load(
    extracts: Sequence[Extract],
    into: Path | str,
    *,
    id_precedence: Sequence[str] = DEFAULT_PRECEDENCE,
    proceedings: ProceedingsRule | None = None,
    progress: Progress | None = None,
    memory_limit_gb: float | None = None,
    backend: BaseBackend | None = None,
) -> Warehouse:
    """Load extracts into a warehouse as a new generation, and open it.

    Parameters
    ----------
    extracts
        From `read_extract`, one per dataset.
    into
        The warehouse's folder; made if it is not there.
    id_precedence
        Id systems, the highest first: which identifier decides who a record is.
    proceedings
        How case rows become sets of proceedings.
    progress
        Called with a few words before each step.
    memory_limit_gb
        Most memory that the load's engine may use; what does not fit waits on disk. By default
        half of what this process may use, and at most 4 GB. Python needs about half a GB besides.

    Returns
    -------
    Warehouse
        `is_unchanged` if these extracts were loaded before, in which case nothing is written.

    Raises
    ------
    WarehouseError
        If another process writes, sources may not be mixed, or tables break the common model.
    ContractError, SourceError, LinkageError
        If an extract cannot be used, or its links cannot; or two sources hold the same
        proceedings and the rule leaves them apart.

    Notes
    -----
    A load that fails, at whatever point, leaves the generation before it current.
    """
    say = progress or (lambda step: None)
    ordered = inputs.in_order(extracts)
    rule = proceedings or ProceedingsRule()
    check_sources(rule, [extract.dataset for extract in ordered])
    options = {"id_precedence": list(id_precedence), "proceedings": rule.as_record()}
    say("reading what is to be loaded")
    sources = {extract.dataset: inputs.describe(extract) for extract in ordered}
    name = inputs.fingerprint(sources, options)
    folder = Path(into)
    with generations.locked(folder):
        if generations.is_whole(folder / generations.generation_name(name), name):
            say("nothing has changed since these extracts were loaded: nothing to do")
            generations.make_current(folder, name)
            return dataclasses.replace(open(folder, backend=backend), is_unchanged=True)
        with generations.new_generation(folder, name) as aside:
            manifest = {
                "format": generations.FORMAT,
                "fingerprint": name,
                **options,
                "sources": sources,
            }
            _build(ordered, aside, manifest, rule, say, memory_limit_gb)
    return open(folder, backend=backend)


def _build(
    extracts: Sequence[Extract],
    folder: Path,
    manifest: dict[str, Any],
    rule: ProceedingsRule,
    say: Progress,
    memory_limit_gb: float | None,
) -> None:
    """Write everything of one generation into its folder."""
    limit = memory_limit_gb or min(engine.half_of_memory_gb(), MEMORY_GB)
    own = engine.connect(memory_limit_gb=limit)
    try:
        cleaned = [_clean(extract, own, say) for extract in extracts]
        mapped = _map(cleaned, own, say)
        say("accounting for every row")
        counted = accounts.count(cleaned, mapped)
        accounts.quarantine(cleaned, mapped, counted, folder / "quarantine")
        applied = [found for one in mapped for found in accounts.applied_rules(one)]
        say("who is who")
        spine = _spine(mapped, manifest["id_precedence"])
        writer = Writer(folder, own, keep_records=any(level in STATED for level in spine.levels))
        parts, loaded = parts_of(mapped), {one.dataset for one in mapped}
        # What the mappings hold is dropped as the common tables are written.
        mapped.clear()
        say("common tables")
        writer.write("link", spine.link)
        if "link" in writer.rows:
            spine = dataclasses.replace(spine, link=writer.read("link"))
        disagreeing = write_common(parts, spine, writer, rule=rule, loaded=loaded)
        say("checking the common model")
        unknown = check_conformity(
            {name: writer.read(name) for name in writer.rows}, missing=writer.missing()
        )
        ledger = accounts.ledger_of(cleaned, counted, writer)
        say("measuring quality")
        quality = _quality(cleaned, applied, spine, disagreeing, unknown)
        party = writer.read("party") if "party" in writer.rows else None
        quality |= measures.measure(cleaned, folder, party, own)
        quality["changes"] = changes(load_before(folder.parent), quality)
        _describe(folder, manifest, cleaned, spine, writer, ledger, quality)
    finally:
        engine.close(own)


def _clean(extract: Extract, backend: BaseBackend, say: Progress) -> CleanExtract:
    name = extract.dataset
    return clean_extract(extract, backend, progress=lambda table: say(f"{name}: {table}"))


def _map(
    cleaned: Sequence[CleanExtract], backend: BaseBackend, say: Progress
) -> list[CommonTables]:
    """Map each extract; links between datasets see records and cases of those before them."""
    mapped: list[CommonTables] = []
    for clean in cleaned:
        contract = clean.extract.contract
        say(f"{contract.name}: to the common model")
        context = MappingContext(
            contract,
            backend,
            clean.extract.extract_date,
            records=_all_of(mapped, "record", "record_id"),
            cases=_all_of(mapped, "case", "case_id", "case_type"),
        )
        common = mapping_of(clean.extract)(clean.tables, context)
        # What the spine and the links between datasets read again and again.
        shared = {
            name: engine.named(table, step=f"{name} of {contract.name}")
            for name, table in common.tables.items()
            if name in ("record", "case")
        }
        mapped.append(dataclasses.replace(common, tables={**common.tables, **shared}))
    return mapped


def _all_of(mapped: Sequence[CommonTables], table: str, *columns: str) -> ir.Table | None:
    """These columns of a common table of every source that has it; None if none has."""
    parts = [one.tables[table].select(*columns) for one in mapped if table in one.tables]
    return engine.union(*parts) if parts else None


def _spine(mapped: Sequence[CommonTables], precedence: Sequence[str]) -> Spine:
    records = [one.tables["record"] for one in mapped if "record" in one.tables]
    identifiers = [one.tables["record_id_link"] for one in mapped if "record_id_link" in one.tables]
    if not records:
        raise WarehouseError(
            "no extract holds records of people: links alone make no warehouse. Load the "
            "datasets that they link too."
        )
    return build_spine(
        engine.union(*records),
        engine.union(*identifiers) if identifiers else _no_identifiers(engine.union(*records)),
        precedence=precedence,
    )


def _no_identifiers(records: ir.Table) -> ir.Table:
    """Identifiers without a row: a dataset whose links are in another that was not loaded."""
    texts = ("id_system", "identifier", "level")
    return records.limit(0).select(
        "record_id",
        **dict.fromkeys(texts, ibis.null("string")),
        score=ibis.null("float64"),
        **{name: records[name] for name in ("source", "source_table", "source_key")},
    )


def _quality(
    cleaned: Sequence[CleanExtract],
    applied: Sequence[Mapping[str, Any]],
    spine: Spine,
    disagreeing: Mapping[str, int],
    unknown: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    return {
        "checks": {clean.extract.dataset: clean.report.as_record() for clean in cleaned},
        "cleaning": list(applied),
        "links": dict(spine.report),
        "people": {"rule": RULE, "people_whose_records_disagree": dict(disagreeing)},
        "unknown_codes": list(unknown),
    }


def _describe(
    folder: Path,
    manifest: dict[str, Any],
    cleaned: Sequence[CleanExtract],
    spine: Spine,
    writer: Writer,
    ledger: Ledger,
    quality: Mapping[str, Any],
) -> None:
    """Write what goes with the tables; the manifest last."""
    (folder / "contracts").mkdir()
    for clean in cleaned:
        file = folder / "contracts" / f"{clean.extract.dataset}.yaml"
        file.write_text(_contract_text(clean.extract.contract), encoding="utf-8")
        rows = {report.table: report.rows for report in clean.report.tables}
        manifest["sources"][clean.extract.dataset]["rows"] = rows
    common = contracts.FOLDER / "common_model.yaml"
    (folder / "contracts" / "common_model.yaml").write_text(common.read_text("utf-8"), "utf-8")
    (folder / "ledger.json").write_text(ledger.to_json(), encoding="utf-8")
    generations.write_json(folder / "quality.json", quality)
    manifest |= {
        "package_version": justice_analysis.__version__,
        "is_synthetic": any(clean.extract.is_synthetic for clean in cleaned),
        "link_levels": list(spine.levels),
        "default_level": spine.level,
        "tables": writer.rows,
    }
    generations.write_json(folder / generations.MANIFEST, manifest)


def _contract_text(contract: Contract) -> str:
    """The descriptor as shipped, or the parts of a user's own."""
    if contract.name in contracts.names() and contracts.load(contract.name) == contract:
        return (contracts.FOLDER / "datasets" / f"{contract.name}.yaml").read_text("utf-8")
    paths = {table.name: table.name for table in contract.tables}
    return yaml.safe_dump(contracts.as_package(contract, paths), sort_keys=False)
