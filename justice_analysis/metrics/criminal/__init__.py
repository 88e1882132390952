"""Criminal courts, prisons and probation."""

from justice_analysis.metrics.criminal.reappearance import ReappearanceOptions, reappearance

__all__ = ["ReappearanceOptions", "reappearance"]
