"""The registry: every declared cohort under one name."""

from __future__ import annotations

import difflib

from justice_analysis.cohorts.declared.cohort import Cohort
from justice_analysis.errors import UsageError

_COHORTS: dict[str, Cohort] = {}


def register(cohort: Cohort) -> Cohort:
    """Register a cohort under its name."""
    if cohort.name in _COHORTS:
        raise UsageError(f"a cohort's name must be its own: {cohort.name} is taken.")
    _COHORTS[cohort.name] = cohort
    return cohort


def names() -> tuple[str, ...]:
    """Every registered cohort's name, in order."""
    return tuple(sorted(_COHORTS))


def get(name: str) -> Cohort:
    """Return one cohort; an unknown name is refused with the nearest ones."""
    if name in _COHORTS:
        return _COHORTS[name]
    near = difflib.get_close_matches(name, names(), n=3) or list(names())
    raise UsageError(f"there is no cohort {name!r}. Did you mean {', '.join(near)}?")
