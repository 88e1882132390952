"""Prison and probation: stays in custody, remand, recall and return to custody."""

from justice_analysis.metrics.custody.custody_spells import CustodySpellsOptions, custody_spells
from justice_analysis.metrics.custody.recall import RecallOptions, recall
from justice_analysis.metrics.custody.reimprisonment import ReimprisonmentOptions, reimprisonment
from justice_analysis.metrics.custody.remand_durations import RemandOptions, remand_durations

__all__ = [
    "CustodySpellsOptions",
    "RecallOptions",
    "ReimprisonmentOptions",
    "RemandOptions",
    "custody_spells",
    "recall",
    "reimprisonment",
    "remand_durations",
]
