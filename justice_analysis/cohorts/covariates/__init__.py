"""Look-back covariates: people described by what was recorded before an index date."""

from justice_analysis.cohorts.covariates.catalogue import COVARIATES, WINDOW_MONTHS, Covariate
from justice_analysis.cohorts.covariates.look_back import look_back

__all__ = ["COVARIATES", "WINDOW_MONTHS", "Covariate", "look_back"]
