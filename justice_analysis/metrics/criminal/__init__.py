"""Criminal courts, prisons and probation."""

from justice_analysis.metrics.criminal.conviction import conviction
from justice_analysis.metrics.criminal.open_caseload import open_caseload
from justice_analysis.metrics.criminal.reappearance import ReappearanceOptions, reappearance
from justice_analysis.metrics.criminal.receipts_and_disposals import criminal_receipts_and_disposals
from justice_analysis.metrics.criminal.stock_and_flow import stock_and_flow
from justice_analysis.metrics.criminal.timeliness import criminal_completion, criminal_timeliness

__all__ = [
    "ReappearanceOptions",
    "conviction",
    "criminal_completion",
    "criminal_receipts_and_disposals",
    "criminal_timeliness",
    "open_caseload",
    "reappearance",
    "stock_and_flow",
]
