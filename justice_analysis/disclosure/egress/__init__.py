"""The egress gate: everything in a request is scanned before it may leave.

`scan` takes each file apart by its content and holds every word, table and inner file against
the rules; `report` writes what was found in plain lines, without values. `refuse_findings` stands
before every release, `rescan` looks at one again.
"""

from justice_analysis.disclosure.egress.finding import Finding, report
from justice_analysis.disclosure.egress.gate import scan
from justice_analysis.disclosure.egress.release import refuse_findings, rescan

__all__ = ["Finding", "refuse_findings", "report", "rescan", "scan"]
