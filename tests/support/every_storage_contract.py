"""All contracts of storages in one: what every database has to keep."""

from collect_contract import CollectContract
from impacts_contract import ImpactsContract
from joins_contract import JoinsContract
from laws_contract import LawsContract
from libraries_contract import LibrariesContract
from people_contract import PeopleContract
from releases_contract import ReleasesContract
from rows_contract import RowsContract
from runs_contract import RunsContract
from schedules_contract import SchedulesContract
from stats_contract import StatsContract
from storage_contract import StorageContract
from sync_contract import SyncContract


class EveryStorageContract(
    StorageContract,
    JoinsContract,
    SyncContract,
    RunsContract,
    ImpactsContract,
    LibrariesContract,
    LawsContract,
    RowsContract,
    PeopleContract,
    SchedulesContract,
    StatsContract,
    CollectContract,
    ReleasesContract,
):
    """Subclasses give the fixture `storage`."""
