"""The programme that is planted in a synthetic world: who took part, what came of it, and where.

Truth is read apart from the data, and only for worlds that were made.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from justice_analysis import engine
from justice_analysis.errors import MetricError

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.warehouse import Warehouse

COURT = "libra_court:{}"
"""How a warehouse names a magistrates' court by its number."""
STAYS, LINKED = "nomis", "source_table"


@dataclass(frozen=True, eq=False)
class PlantedProgramme:
    """A planted programme.

    Attributes
    ----------
    people
        One row per participant who is found in the warehouse: `person_id`,
        `intervention_date`, `released_date`, `reoffended`, `reoffends_without` (what would have
        been without the programme).
    courts
        One row per magistrates' court: `place_id`, `from_date` (the first day of release from
        which its cases have the programme; missing: never).
    """

    people: pd.DataFrame
    courts: pd.DataFrame

    def released(self, first: str, until: str) -> pd.DataFrame:
        """Participants released from `first` to before `until`."""
        import pandas as pd

        day = pd.to_datetime(self.people["released_date"])
        return self.people[(day >= pd.Timestamp(first)) & (day < pd.Timestamp(until))]


def planted_programme(warehouse: Warehouse, truth: Path | str) -> PlantedProgramme:
    """Read who took part in a synthetic world's programme, and which court had it when.

    No names are involved: participants are found by the records of their stays in custody.

    Raises
    ------
    MetricError
        If the warehouse is not synthetic, or the folder holds no truth about the programme.
    """
    if not warehouse.is_synthetic:
        raise MetricError("truth is known of synthetic data only: this warehouse is not.")
    folder = Path(truth)
    began = _read(folder, "programme").drop(columns=["person_id", "court"])
    stays = _read(folder, "custody_segment")[["segment_id", "row_key"]]
    began = began.merge(stays, on="segment_id", validate="one_to_one")
    known = began.merge(_links(warehouse), on="row_key", validate="many_to_one")
    known = known.sort_values(["person_id", "started_date"]).drop_duplicates("person_id")
    people = known.rename(columns={"started_date": "intervention_date"})
    columns = [
        "person_id",
        "intervention_date",
        "released_date",
        "reoffended",
        "reoffends_without",
    ]
    return PlantedProgramme(people[columns].reset_index(drop=True), _courts(folder))


def _read(folder: Path, table: str) -> pd.DataFrame:
    """One table of truth, of all chunks of a world."""
    import pandas as pd

    files = [*folder.glob(f"{table}.parquet"), *sorted(folder.glob(f"{table}_[0-9][0-9].parquet"))]
    if not files:
        raise MetricError(f"the truth must hold {table}: the folder does not. Give its world's.")
    return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)


def _links(warehouse: Warehouse) -> pd.DataFrame:
    """People of stays in custody; a stay that is linked to several is left out."""
    link = warehouse.link
    rows = link.filter(link[LINKED] == STAYS, link.person_id.notnull())
    found = rows.group_by(row_key=rows.source_key).aggregate(
        person_id=rows.person_id.min(), people=rows.person_id.nunique()
    )
    return engine.execute(
        found.filter(found.people == 1).drop("people"), step="links of stays in custody"
    )


def _courts(folder: Path) -> pd.DataFrame:
    """Courts of the magistrates, each with its day."""
    import pandas as pd

    courts = _read(folder, "criminal_court")
    if "programme_from" not in courts:
        raise MetricError(
            "the truth must say which court had the programme when: it does not. Make the world "
            "again."
        )
    own = courts[courts["tier"] == "magistrates"]
    return pd.DataFrame(
        {
            "place_id": [COURT.format(int(court)) for court in own["court"]],
            "from_date": pd.to_datetime(own["programme_from"]).to_numpy(),
        }
    )
