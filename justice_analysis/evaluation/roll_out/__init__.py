"""Roll-outs by place and time: calendars with their gaps, and effects where a measure arrived."""

from justice_analysis.evaluation.roll_out.calendar import Calendar, CalendarRow
from justice_analysis.evaluation.roll_out.calendar_file import read_calendar, section_28
from justice_analysis.evaluation.roll_out.definition import RollOutOptions
from justice_analysis.evaluation.roll_out.design import Layout, lay_out
from justice_analysis.evaluation.roll_out.effects import RollOut, roll_out_effects
from justice_analysis.evaluation.roll_out.estimates import (
    group_time,
    pre_trend,
    two_way,
    two_way_parts,
)
from justice_analysis.evaluation.roll_out.starts import Starts, starts_of
from justice_analysis.evaluation.roll_out.truth import Planted, calendar_of_truth, planted

__all__ = [
    "Calendar",
    "CalendarRow",
    "Layout",
    "Planted",
    "RollOut",
    "RollOutOptions",
    "Starts",
    "calendar_of_truth",
    "group_time",
    "lay_out",
    "planted",
    "pre_trend",
    "read_calendar",
    "roll_out_effects",
    "section_28",
    "starts_of",
    "two_way",
    "two_way_parts",
]
