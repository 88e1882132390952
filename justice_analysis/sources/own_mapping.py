"""Where the mapping of a dataset is: in the package, or beside a user's own contract."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import ibis.expr.types as ir

from justice_analysis.errors import JusticeError, SourceError
from justice_analysis.sources.extract import Extract
from justice_analysis.sources.mapping import CommonTables, MappingContext
from justice_analysis.sources.own_tables import complete, failed

ToCommon = Callable[[Mapping[str, ir.Table], MappingContext], CommonTables]
_PACKAGE = "justice_analysis.sources.mappings"


def mapping_of(extract: Extract) -> ToCommon:
    """Get the function that turns the tables of an extract into common tables.

    Parameters
    ----------
    extract
        Its dataset is one of the package, or one whose contract the user wrote: then the mapping
        is the Python file of the same name beside the contract.

    Raises
    ------
    SourceError
        If there is no mapping, it cannot be imported, or it has no function `to_common`. The
        function itself raises it where a user's mapping fails or gives what is not common.
    """
    if extract.mapping is not None:
        return _of_file(extract.mapping)
    name = f"{_PACKAGE}.{extract.dataset}"
    if importlib.util.find_spec(name) is None:
        raise SourceError(
            f"{extract.dataset} has a contract but no mapping to the common model. Write "
            f"{extract.dataset}.py with a function to_common, beside the contract."
        )
    found: ToCommon = importlib.import_module(name).to_common
    return found


def switched_off(extract: Extract) -> Mapping[tuple[str, str], str]:
    """What is lost without an assumed column, by table and column ("" for the whole table)."""
    if extract.mapping is None:
        return losses_of(extract.dataset)
    return dict(getattr(_module_of_file(extract.mapping), "SWITCHED_OFF", {}))


def losses_of(dataset: str) -> Mapping[tuple[str, str], str]:
    """The same for a dataset of the package; nothing where it has no mapping."""
    name = f"{_PACKAGE}.{dataset}"
    if importlib.util.find_spec(name) is None:
        return {}
    return dict(getattr(importlib.import_module(name), "SWITCHED_OFF", {}))


def has_mapping(dataset: str) -> bool:
    """Whether the package can bring a dataset to the common model."""
    return importlib.util.find_spec(f"{_PACKAGE}.{dataset}") is not None


def _of_file(file: Path) -> ToCommon:
    module = _module_of_file(file)
    if not callable(getattr(module, "to_common", None)):
        raise SourceError(f"the mapping {file.name} must have a function to_common.")

    def checked(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
        try:
            made = module.to_common(tables, context)
        except JusticeError:
            raise
        except Exception as error:
            raise failed(error, file) from None
        return complete(made, file)

    return checked


def _module_of_file(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"justice_mapping_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise failed(error, file) from None
    return module
