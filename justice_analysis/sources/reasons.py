"""Reasons why a delivered row is not used, in the same words for every dataset."""

from __future__ import annotations

CASE_MISSING = "its case is missing"
IN_ERROR = "event entered in error"
NO_DATE = "event without a date"
# Of the members, applications and ties of both Cafcass datasets.
KEY_MISSING = "its application, case or person is missing"
