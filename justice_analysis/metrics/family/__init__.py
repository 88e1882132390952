"""Family courts: care proceedings, private law, divorce."""

from justice_analysis.metrics.family.recurrence import recurrence
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions

__all__ = ["RecurrenceOptions", "recurrence"]
