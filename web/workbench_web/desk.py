"""What the handlers work with: one of each for as long as the server lives."""

import contextlib
import getpass
import ipaddress
import logging
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct, field

from workbench.app import Application
from workbench.errors import WorkbenchError
from workbench.files import RunFolder, prune_runs
from workbench.fleet.local import LocalRunner
from workbench.fleet.schedules import Clock
from workbench.fleet.upkeep import Upkeep
from workbench.model.durations import DAY_US
from workbench.model.json import Json
from workbench.model.plan import Refreshed, RunPlan
from workbench.model.schedule import Schedule
from workbench.planning import Selection
from workbench.settings import Settings
from workbench.storage import Storage
from workbench.storage.runs import RETENTION
from workbench.usecases import browse_runs
from workbench.usecases.browse_runs import RunInfo
from workbench.usecases.export_suite import folder_of
from workbench.usecases.launch_run import RunRequest, plan_run
from workbench.usecases.schedules import Outcome, fire
from workbench.usecases.store_run import store_run
from workbench_web.attempts import Attempts
from workbench_web.repeats import Repeats
from workbench_web.stream import Hub

LEFT_S = 86_400  # a request is over long before
_log = logging.getLogger("workbench.web")


class Launch(Struct, frozen=True, kw_only=True):
    """A run of the database's SUBSYSTEM[@VERSION]. `concurrency` 0: as the settings say. `refreshed`: what was fetched
    anew for it; `schedule`: that wants it."""

    address: str
    selection: Selection
    environment: str = ""
    registries: tuple[str, ...] = ()
    url: str = ""
    overrides: Mapping[str, Json] = field(default_factory=dict)
    concurrency: int = 0
    refreshed: Refreshed | None = None
    schedule: str = ""


class Desk:
    """Settings, application and database of one server. A context manager: it opens the database, and lets go of it."""

    def __init__(self, settings: Settings) -> None:
        """Raises StorageError for a database URL that cannot be used."""
        self.settings = settings
        self.app = Application(settings)
        self.storage: Storage = self.app.storage()
        self.repeats = Repeats(settings.data_dir / "answers", self.app.secrets())
        self.author = _user()
        self.address = f"http://{settings.serve.host}:{settings.serve.port}"  # where the server listens
        self.attempts = Attempts()
        self.hub = Hub(settings.serve.streams)
        self.runner = LocalRunner(
            self.app.tools, self.app.warm_up, self._release, listener=self.hub.publish, ended=self._ended
        )
        self.clock = Clock(self.storage, self.fire)
        self.upkeep = Upkeep(self.keep_up)

    def __enter__(self) -> Self:
        """Raises StorageError for a database that has to be upgraded."""
        try:
            self.storage.__enter__()
        except BaseException:
            self.runner.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clock.stop()
        self.upkeep.stop()
        self.hub.close()
        self.runner.close()
        self.storage.close()

    @property
    def room_root(self) -> Path:
        """Where what is only needed for one request is put."""
        return self.settings.data_dir / "tmp"

    @contextlib.contextmanager
    def room(self, name: str) -> Iterator[Path]:
        """An empty folder, for as long as the request lasts."""
        self.room_root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=self.room_root) as folder:
            yield Path(folder)

    def end_streams(self) -> None:
        """End the answers that go on by themselves, and the runs that some wait for; no schedule fires any more."""
        self.clock.stop()
        self.upkeep.stop()
        self.hub.close()
        self.runner.close()

    def launch(self, wanted: Launch) -> str:
        """Plan a run of what the database holds and start it; gives its id.

        Raises NotFoundError, SuiteError, PlanError, DatasetError, ArtifactError: nothing has been called yet.
        """
        plan = self.plan(wanted)
        self.hub.know(plan.id, plan.subsystem)
        self.runner.start(plan, RunFolder.create(self.settings.runs_dir, plan))
        return plan.id

    def plan(self, wanted: Launch) -> RunPlan:
        """What a run would be. Raises what `launch` raises."""
        settings = self.settings
        request = RunRequest(
            folder=folder_of(wanted.address, self.storage, settings.data_dir / "suites"),
            selection=wanted.selection,
            environment=wanted.environment,
            registries=wanted.registries,
            url=wanted.url,
            overrides=wanted.overrides,
            concurrency=wanted.concurrency or settings.concurrency,
            confined=True,
            refreshed=wanted.refreshed,
            schedule=wanted.schedule,
        )
        return plan_run(request, self.app.readers(kept=True))

    def fire(self, schedule: Schedule) -> Outcome:
        """Do what a schedule says. Raises what planning and fetching raise."""
        return fire(schedule, self.storage, self.settings, self._scheduled)

    def _scheduled(self, schedule: Schedule, selection: Selection, refreshed: Refreshed | None) -> str:
        order = schedule.order
        address = f"{schedule.subsystem}@{schedule.version}" if schedule.version else schedule.subsystem
        return self.launch(
            Launch(
                address=address, selection=selection, environment=order.environment, registries=order.registries,
                url=order.url, refreshed=refreshed, schedule=schedule.name,
            )
        )  # fmt: skip

    def link(self, code: str) -> str:
        """The address of a one-time link."""
        return f"{(self.settings.serve.url or self.address).rstrip('/')}/setup?code={code}"

    def run(self, run: str) -> RunInfo:
        """How a run stands. Raises NotFoundError."""
        return browse_runs.read_whole(browse_runs.find(self.settings.runs_dir, run), self.runner.state)

    async def _release(self) -> None:
        await self.app.__aexit__()

    def _ended(self, run: str) -> None:
        """Keep it in the database too, as all runs of the database are; older ones make room."""
        kept = self.settings.retention
        try:
            info = store_run(RunFolder.open(self.settings.runs_dir / run), self.storage)
            self.storage.runs.prune(keep=kept.stored_runs, days=kept.stored_days, subsystem=info.subsystem)
        except WorkbenchError as error:  # its verdict is in the folder
            _log.error("run %s is not in the database: %s", run, error)
        prune_runs(self.settings.runs_dir, runs=kept.runs, days=kept.days)

    def keep_up(self) -> None:
        """Make room, as the settings say: of runs that are too old, also where none ended since, and of files and rows
        that no revision and no tool library names; and of what requests left that a killed server did not end. Raises
        StorageError."""
        kept = self.settings.retention
        for room in self.room_root.glob(".*"):
            if room.stat().st_mtime < time.time() - LEFT_S:
                shutil.rmtree(room, ignore_errors=True)
        self.storage.runs.prune(keep=kept.stored_runs, days=kept.stored_days)
        prune_runs(self.settings.runs_dir, runs=kept.runs, days=kept.days)
        if kept.unneeded_days:
            self.storage.collect(RETENTION, grace_us=kept.unneeded_days * DAY_US)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"
