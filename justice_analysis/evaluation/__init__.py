"""Did it work? Matched comparisons of participants, and roll-outs by place and time."""

from justice_analysis.evaluation.data_lab import (
    DataLabOptions,
    DataLabResult,
    data_lab,
    evaluate,
    planted_effect,
)
from justice_analysis.evaluation.panels import (
    PanelDesigns,
    PanelQuestion,
    area_panel,
    panel_designs,
)
from justice_analysis.evaluation.roll_out import roll_out_effects

__all__ = [
    "DataLabOptions",
    "DataLabResult",
    "PanelDesigns",
    "PanelQuestion",
    "area_panel",
    "data_lab",
    "evaluate",
    "panel_designs",
    "planted_effect",
    "roll_out_effects",
]
