"""Panels of areas: one question by several designs, side by side."""

from justice_analysis.evaluation.panels.designs import PanelDesigns, panel_designs
from justice_analysis.evaluation.panels.question import PanelQuestion, area_panel

__all__ = ["PanelDesigns", "PanelQuestion", "area_panel", "panel_designs"]
