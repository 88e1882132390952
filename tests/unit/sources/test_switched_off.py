"""What each mapping says is lost where an assumed column or table is not delivered."""

import pytest

from justice_analysis import contracts
from justice_analysis.sources.own_mapping import has_mapping, losses_of

MAPPED = [name for name in contracts.names() if has_mapping(name)]
# Assumed columns that no mapping reads: nothing is lost without them.
NOT_READ = {
    ("cafcass_cymru", "cafcass_incident", "AVAIL_FROM_DT"),
    ("cafcass_england", "cms_tblcaseapplication", "AVAIL_FROM_DT"),
    ("cross_justice_linking", "mags_crown_journey", "cc_row_id_hash"),
    ("cross_justice_linking", "mags_crown_journey", "mc_row_id_hash"),
    ("probation", "moj_probation_rqmnts", "probation_area_desc"),
}


@pytest.mark.parametrize("dataset", MAPPED)
def test_only_what_an_extract_may_lack_is_said_to_switch_something_off(dataset):
    contract = contracts.load(dataset)
    for table, column in losses_of(dataset):
        held = contract.table(table)
        if not column:
            assert held.optional
            continue
        assert held.field(column).name_status == "assumed"
        assert not held.field(column).required


@pytest.mark.parametrize("dataset", MAPPED)
def test_each_assumed_column_that_may_be_missing_says_what_is_lost_without_it(dataset):
    lost = losses_of(dataset)
    silent = {
        (dataset, table.name, field.name)
        for table in contracts.load(dataset).tables
        for field in table.fields
        if field.name_status == "assumed" and not field.required
        if (table.name, field.name) not in lost
    }
    assert silent == {one for one in NOT_READ if one[0] == dataset}
