"""Logistic regression from collapsed tables, separation told, and adjusted shares."""

from justice_analysis.models.logistic.fit import LogisticFit, logistic
from justice_analysis.models.logistic.newton import CollinearError, SeparationError
from justice_analysis.models.logistic.risks import (
    AdjustedRisk,
    MarginalEffect,
    adjusted_risk,
    average_marginal_effect,
)

__all__ = [
    "AdjustedRisk",
    "CollinearError",
    "LogisticFit",
    "MarginalEffect",
    "SeparationError",
    "adjusted_risk",
    "average_marginal_effect",
    "logistic",
]
