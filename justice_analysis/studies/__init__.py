"""Studies: thin notebooks, inert parameter files, and the runner that joins them."""

from justice_analysis.studies.catalogue import DEFAULT, Project, find_project
from justice_analysis.studies.planning import Job, Outcome, plan
from justice_analysis.studies.runner import is_synthetic, run_all, run_one, status
from justice_analysis.studies.session import Session, begin
from justice_analysis.studies.single import one_variant

__all__ = [
    "DEFAULT",
    "Job",
    "Outcome",
    "Project",
    "Session",
    "begin",
    "find_project",
    "is_synthetic",
    "one_variant",
    "plan",
    "run_all",
    "run_one",
    "status",
]
