"""Secondary suppression: which further cells to hide, and whether that is enough.

Numbers only: no tables, no kinds of output. A `Problem` says what the cells are, `suppress` finds
units to hide, `audit` says what an attacker could still work out.
"""

from justice_analysis.disclosure.suppression.audit import Audit, audit
from justice_analysis.disclosure.suppression.problem import LARGEST, Problem, units_of_cells

__all__ = ["LARGEST", "Audit", "Problem", "audit", "units_of_cells"]
