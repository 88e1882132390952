"""Categories that can be computed from a warehouse, and those that no known dataset can back."""

from justice_analysis.cohorts.categories import care, children, offending
from justice_analysis.definitions.category import category_names as names
from justice_analysis.definitions.category import get_category as get

__all__ = ["care", "children", "get", "names", "offending"]
