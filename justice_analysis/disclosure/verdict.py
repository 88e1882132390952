"""The decision on one candidate, its reasons, and what stays inside to prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.disclosure.candidate import Candidate

Status = Literal["pass", "review", "fail"]


@dataclass(frozen=True)
class Verdict:
    """Pass, or why not.

    Attributes
    ----------
    status
        `review`: no rule of ours can judge it, a person must; `fail`: it breaks a rule.
        Only `pass` is released.
    reasons
        Plain sentences without values; empty on a pass.
    controls
        What was done to the numbers, in words for whoever reads the release.
    evidence
        Underlying facts for the checker; never leaves.
    """

    status: Status
    reasons: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Protected:
    """A table as it may be shown: hidden cells missing, column `shown`, and what was done.

    `evidence` is what the rules of its kind found, in plain numbers and words; never leaves.
    """

    table: pd.DataFrame
    controls: tuple[str, ...]
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """A candidate with its verdict, and its protected table on a pass."""

    candidate: Candidate
    verdict: Verdict
    protected: Protected | None = None
