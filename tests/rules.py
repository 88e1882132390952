"""What a mapping gave: how often each cleaning rule applied, and the measures of one concept."""

from __future__ import annotations

from justice_analysis import engine
from justice_analysis.sources.mapping import CommonTables
from justice_analysis.warehouse.accounts import applied_rules
from tests.delivered import plain


def counted_rules(mapped: CommonTables) -> dict[tuple[str, str], int]:
    """Rows by delivered table and rule, of rules that applied to some."""
    return {
        (one["table"], one["rule"]): one["rows"] for one in applied_rules(mapped) if one["rows"]
    }


def measured(mapped: CommonTables, concept: str, *columns: str) -> list[tuple[object, ...]]:
    """Source key, number and code of each measure of a concept, or the columns named."""
    table = mapped.tables["measure"]
    chosen = columns or ("source_key", "value_number", "value_code")
    return plain(engine.execute(table.filter(table.concept == concept).select(*chosen)))
