"""Did it work? Matched comparisons of participants, and roll-outs by place and time."""

from justice_analysis.evaluation.panels import (
    PanelDesigns,
    PanelQuestion,
    area_panel,
    panel_designs,
)
from justice_analysis.evaluation.roll_out import roll_out_effects

__all__ = ["PanelDesigns", "PanelQuestion", "area_panel", "panel_designs", "roll_out_effects"]
