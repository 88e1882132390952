"""One programme under two designs: matched comparison, and difference-in-differences by court."""

from justice_analysis.evaluation.transfer.designs import Transfer, programme_transfer
from justice_analysis.evaluation.transfer.planted import PlantedProgramme, planted_programme

__all__ = ["PlantedProgramme", "Transfer", "planted_programme", "programme_transfer"]
