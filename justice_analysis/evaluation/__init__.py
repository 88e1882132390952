"""Did it work? Matched comparisons of participants, and roll-outs by place and time."""

from justice_analysis.evaluation.data_lab import (
    DataLabOptions,
    DataLabResult,
    data_lab,
    evaluate,
    planted_effects,
)
from justice_analysis.evaluation.panels import (
    PanelDesigns,
    PanelQuestion,
    area_panel,
    panel_designs,
)
from justice_analysis.evaluation.roll_out import roll_out_effects
from justice_analysis.evaluation.transfer import (
    PlantedProgramme,
    Transfer,
    planted_programme,
    programme_transfer,
)

__all__ = [
    "DataLabOptions",
    "DataLabResult",
    "PanelDesigns",
    "PanelQuestion",
    "PlantedProgramme",
    "Transfer",
    "area_panel",
    "data_lab",
    "evaluate",
    "panel_designs",
    "planted_effects",
    "planted_programme",
    "programme_transfer",
    "roll_out_effects",
]
