"""Linkage sensitivity: what missed and false links could do to a headline."""

from justice_analysis.metrics.linkage.definition import SensitivityOptions
from justice_analysis.metrics.linkage.headlines import Headline, NotAvailableError, headline_of
from justice_analysis.metrics.linkage.link_truth import LinkTruth, link_truth
from justice_analysis.metrics.linkage.sensitivity import linkage_sensitivity

__all__ = [
    "Headline",
    "LinkTruth",
    "NotAvailableError",
    "SensitivityOptions",
    "headline_of",
    "link_truth",
    "linkage_sensitivity",
]
