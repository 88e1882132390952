"""How strong a hidden cause must be to explain a result away."""

from justice_analysis.models.hidden_bias.bounds import SensitivityBounds, rosenbaum_bounds
from justice_analysis.models.hidden_bias.e_values import EValue, e_value, e_value_of_shares

__all__ = ["EValue", "SensitivityBounds", "e_value", "e_value_of_shares", "rosenbaum_bounds"]
