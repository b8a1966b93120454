"""Fixtures that tests of several folders share: the sample world and single processes of it, and new databases.

One world serves a whole test run, also one of several xdist workers: whoever needs it first starts it, the run's end
stops it. Should the run be killed, the processes notice and end by themselves.
"""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings

from workbench.storage import Storage, migrate
from workbench.storage.database import Database
from workbench.usecases.samples import (
    Lifetime,
    ProviderOptions,
    SampleProcess,
    SampleWorld,
    WorldState,
    launch_provider,
    launch_registry,
    sample_artifact,
)

PATIENCE_S = 180  # other test runs may share the cores

# a law holds or not; how long a busy machine takes for an example says nothing of it
settings.register_profile("random", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # make test-laws
# the same examples each time: what a new one brings to light is no fault of the change that is being tested
settings.register_profile("workbench", settings.get_profile("random"), derandomize=True)
settings.load_profile("workbench")


class StartProvider(Protocol):
    """What the fixture `start_provider` is."""

    def __call__(self, *services: str, registry: str = "", name: str = "", **options: object) -> SampleProcess: ...


class Artifact(Protocol):
    """What the fixture `artifact` is."""

    def __call__(self, name: str) -> Path: ...


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _run_process(config: pytest.Config) -> int:
    """The process that lives as long as the run: of xdist, the one that started the workers."""
    return os.getppid() if _is_worker(config) else os.getpid()


def _shared_world(config: pytest.Config, factory: pytest.TempPathFactory, name: str = "sample-world") -> SampleWorld:
    base = factory.getbasetemp()
    return SampleWorld((base.parent if _is_worker(config) else base) / name)


def pytest_configure() -> None:
    """A shell starts what it puts in the background deaf to Ctrl-C, and who is deaf hands that on: then no process that
    a test starts would hear its interrupt."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    factory: pytest.TempPathFactory | None = getattr(session.config, "_tmp_path_factory", None)
    if factory is not None and not _is_worker(session.config):
        _shared_world(session.config, factory).down()
        _shared_world(session.config, factory, "zoo-world").down()


@pytest.fixture(scope="session")
def lifetime(pytestconfig: pytest.Config) -> Lifetime:
    """For every process that a test starts: it ends with the test run, whatever happens, and not before."""
    return Lifetime(max_minutes=480, parent=_run_process(pytestconfig))


@pytest.fixture(scope="session")
def sample_world(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, lifetime: Lifetime
) -> WorldState:
    """Registry, order, trade and notify, shared by all tests: change none, `start_provider` gives your own."""
    return _shared_world(pytestconfig, tmp_path_factory).up(lifetime=lifetime, timeout_s=PATIENCE_S)


@pytest.fixture(scope="session")
def zoo_world(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, lifetime: Lifetime) -> WorldState:
    """A registry and the provider of every kind of type, shared by all tests."""
    world = _shared_world(pytestconfig, tmp_path_factory, "zoo-world")
    return world.up(services=("zoo",), lifetime=lifetime, timeout_s=PATIENCE_S)


@pytest.fixture(scope="session")
def zoo(zoo_world: WorldState) -> SampleProcess:
    """The provider of every kind of type: `zoo.address` is its url."""
    return zoo_world["zoo"]


@pytest.fixture
def zookeeper(tmp_path: Path, lifetime: Lifetime) -> Iterator[SampleProcess]:
    """A ZooKeeper of this test's own, quick to notice that somebody was killed; it may be stopped in the test."""
    process = launch_registry(tmp_path / "own-registry", session_ms=6000, lifetime=lifetime, timeout_s=PATIENCE_S)
    yield process
    process.stop(kill=True)


@pytest.fixture
def start_provider(request: pytest.FixtureRequest, tmp_path: Path, lifetime: Lifetime) -> Iterator[StartProvider]:
    """Start a provider of this test's own: `start_provider("trade", delay_ms=500, version="9.9")`.

    It registers with this test's own `zookeeper` unless `registry` names another (never the shared world's: a slow or
    faulty provider there would answer other tests too). Options as in ProviderOptions. It may be stopped in the test
    (`.stop()`, `.stop(kill=True)`), and is stopped after it.
    """
    started: list[SampleProcess] = []

    def start(*services: str, registry: str = "", name: str = "", **options: object) -> SampleProcess:
        address = registry or request.getfixturevalue("zookeeper").address
        wanted = ProviderOptions(services=services, **options)  # type: ignore[arg-type]
        process = launch_provider(
            tmp_path / f"provider-{len(started)}", address, wanted, name=name, lifetime=lifetime, timeout_s=PATIENCE_S
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.stop(kill=True)


@pytest.fixture(scope="session")
def artifact() -> Artifact:
    """Path of a sample artifact by its stable name: `artifact("order-api-1.0.0.jar")`."""
    return sample_artifact


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("new-database")
    with Storage(f"sqlite:///{folder}/w.db", folder / "files"):
        pass
    with closing(sqlite3.connect(folder / "w.db")) as made:
        yield made


@pytest.fixture(autouse=True)
def new_databases_are_copies(new_database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that a Storage of this process makes when it opens: making the tables for each test would take longer than
    most tests. test_migrate.py does without."""
    prepare = migrate.prepare

    def copy(database: Database) -> None:
        migrate.make_folder(database)
        if database.file is not None and not database.file.exists():
            with closing(sqlite3.connect(database.file)) as new:
                new_database.backup(new)
        prepare(database)

    monkeypatch.setattr(migrate, "prepare", copy)
