"""The links of 2022 between criminal courts, prisons and probation in the common model.

They stand below those of the cross-justice linking dataset, which replaced them: a record that
has both is the person that the newer one says.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from justice_analysis.sources.mapping import CommonTables, MappingContext
from justice_analysis.sources.mappings.person_links import person_links

TABLE = "criminal_link"


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the link table to identifiers of the records that are loaded beside it."""
    links, account = person_links(
        tables[TABLE],
        "estimated_mc_cc_ps_dp",
        table=TABLE,
        id_system="xjs_2022",
        context=context,
    )
    return CommonTables(context.dataset, {"record_id_link": links}, [account])
