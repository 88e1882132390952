"""Secondary suppression: which further cells to hide, and whether that is enough.

Numbers only: no tables, no kinds of output. A `Problem` says what the cells are, `suppress` finds
units to hide, `audit` says what an attacker could still work out.
"""

from justice_analysis.disclosure.suppression.audit import Audit, audit
from justice_analysis.disclosure.suppression.problem import LARGEST, Problem, units_of_cells
from justice_analysis.disclosure.suppression.suppress import Suppression, suppress

__all__ = ["LARGEST", "Audit", "Problem", "Suppression", "audit", "suppress", "units_of_cells"]
