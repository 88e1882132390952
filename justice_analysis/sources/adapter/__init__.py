"""An adapter: a user's YAML file that brings delivered files to a contract without code.

`declared` holds what can be declared, `problems` and `layout_problems` check a file before any
row is read, `reading` makes the one of the other, `reshaping` changes which rows there are, and
`counting` counts what each declaration did.
"""

from justice_analysis.sources.adapter.declared import (
    Adapter,
    Combine,
    DateParts,
    Filter,
    Join,
    TableAdapter,
    Unit,
    Unpivot,
)
from justice_analysis.sources.adapter.near import near
from justice_analysis.sources.adapter.reading import named_dataset, read_adapter

__all__ = [
    "Adapter",
    "Combine",
    "DateParts",
    "Filter",
    "Join",
    "TableAdapter",
    "Unit",
    "Unpivot",
    "named_dataset",
    "near",
    "read_adapter",
]
