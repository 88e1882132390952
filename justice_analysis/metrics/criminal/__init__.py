"""Criminal courts, prisons and probation."""

from justice_analysis.metrics.criminal import court_gaps
from justice_analysis.metrics.criminal.adjusted_reappearance import adjusted_reappearance
from justice_analysis.metrics.criminal.case_attrition import case_attrition
from justice_analysis.metrics.criminal.conviction import conviction
from justice_analysis.metrics.criminal.guilty_plea_stage import guilty_pleas
from justice_analysis.metrics.criminal.open_caseload import open_caseload
from justice_analysis.metrics.criminal.prolific_users import prolific_users
from justice_analysis.metrics.criminal.proven_reoffending import proven_reoffending
from justice_analysis.metrics.criminal.reappearance import ReappearanceOptions, reappearance
from justice_analysis.metrics.criminal.receipts_and_disposals import criminal_receipts_and_disposals
from justice_analysis.metrics.criminal.reconviction import reconviction_12m6m
from justice_analysis.metrics.criminal.returning_defendants import (
    number_of_returns,
    returning_defendants,
)
from justice_analysis.metrics.criminal.sentencing_by_court import sentencing_by_court
from justice_analysis.metrics.criminal.stock_and_flow import stock_and_flow
from justice_analysis.metrics.criminal.timeliness import criminal_completion, criminal_timeliness

__all__ = [
    "ReappearanceOptions",
    "adjusted_reappearance",
    "case_attrition",
    "conviction",
    "court_gaps",
    "criminal_completion",
    "criminal_receipts_and_disposals",
    "criminal_timeliness",
    "guilty_pleas",
    "number_of_returns",
    "open_caseload",
    "prolific_users",
    "proven_reoffending",
    "reappearance",
    "reconviction_12m6m",
    "returning_defendants",
    "sentencing_by_court",
    "stock_and_flow",
]
