"""Parts of the world that are held as a dataclass of arrays of one length: one entry a place."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

from justice_analysis.synthetic.people import Bools, Ints

# A dataclass whose fields are arrays of one length.
Entries = TypeVar("Entries", bound=Any)


def join_entries(*parts: Entries) -> Entries:
    """The entries of several parts of one kind, in their order."""
    kind: type[Entries] = type(parts[0])
    names = [item.name for item in fields(kind)]
    return kind(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})


def take_entries(part: Entries, at: Ints | Bools) -> Entries:
    """The entries at these positions, or where a mask is true."""
    kind: type[Entries] = type(part)
    return kind(**{item.name: getattr(part, item.name)[at] for item in fields(kind)})
