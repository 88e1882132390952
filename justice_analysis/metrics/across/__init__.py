"""Across jurisdictions: contact with family, criminal and civil courts."""

from justice_analysis.metrics.across.definition import NextOptions, OverlapOptions
from justice_analysis.metrics.across.education import EducationOptions, offending_and_education
from justice_analysis.metrics.across.overlap import (
    contact_overlap,
    contact_sequences,
    next_contact,
)
from justice_analysis.metrics.across.parents import ParentsOptions, parents_in_court

__all__ = [
    "EducationOptions",
    "NextOptions",
    "OverlapOptions",
    "ParentsOptions",
    "contact_overlap",
    "contact_sequences",
    "next_contact",
    "offending_and_education",
    "parents_in_court",
]
