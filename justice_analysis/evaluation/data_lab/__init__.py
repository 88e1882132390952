"""Matched comparisons of a programme's participants, after the Justice Data Lab."""

from justice_analysis.evaluation.data_lab.definition import CARD, DataLabOptions
from justice_analysis.evaluation.data_lab.lab import data_lab
from justice_analysis.evaluation.data_lab.linked import evaluate
from justice_analysis.evaluation.data_lab.planted import planted_effects
from justice_analysis.evaluation.data_lab.result import DataLabResult

__all__ = ["CARD", "DataLabOptions", "DataLabResult", "data_lab", "evaluate", "planted_effects"]
