"""The tree that never leaves: what a person needs to decide, from what was judged."""

from justice_analysis.disclosure.checker.tree import write

__all__ = ["write"]
