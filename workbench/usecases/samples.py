"""The sample world: an embedded ZooKeeper and three Dubbo providers on loopback, to try and to test against.

`SampleWorld` keeps what it started in `samples.json` in the data directory, so that `up` and `down` may be different
processes. `launch_registry` and `launch_provider` start a single one for whoever wants to stop it himself.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from workbench.errors import JsonError, SamplesError
from workbench.model import json
from workbench.usecases.samples_files import sample_artifact, samples_dir
from workbench.usecases.samples_launch import (
    REGISTRY,
    SMALL_JVM,
    UNTIL_DOWN,
    Launch,
    Lifetime,
    ProviderOptions,
    SampleProcess,
    begin_provider,
    begin_registry,
    launch_provider,
    launch_registry,
)
from workbench.usecases.samples_process import stop

__all__ = [
    "SERVICES",
    "SMALL_JVM",
    "Lifetime",
    "ProviderOptions",
    "SampleProcess",
    "SampleWorld",
    "WorldState",
    "launch_provider",
    "launch_registry",
    "sample_artifact",
    "samples_dir",
]

SERVICES = ("order", "trade", "notify")


class WorldState(msgspec.Struct, frozen=True):
    """What runs: the registry's address and every process, the registry first.

    Not `ready`: on its way up, or given up by force; then addresses are not known yet.
    """

    registry: str
    processes: tuple[SampleProcess, ...]
    ready: bool = True

    def __getitem__(self, name: str) -> SampleProcess:
        """The process of that name (registry, order, trade, notify). Raises KeyError."""
        return {process.name: process for process in self.processes}[name]

    @property
    def alive(self) -> bool:
        return self.ready and all(process.alive for process in self.processes)


class SampleWorld:
    """One world in one data directory. `up` and `down` of several processes wait for each other."""

    def __init__(self, data_dir: Path) -> None:
        self._data = data_dir.resolve()
        self._file = self._data / "samples.json"
        self.workdir = self._data / "samples"

    def up(
        self,
        *,
        registry_port: int = 0,
        services: Sequence[str] = SERVICES,
        lifetime: Lifetime = UNTIL_DOWN,
        timeout_s: float = 90,
    ) -> WorldState:
        """Start the world and wait until all of it is registered. To one that runs already missing services are added;
        of one that runs in part the rest is stopped first.

        Raises SamplesError, and then leaves nothing behind.
        """
        with self._locked():
            state = self._load()
            if state is not None and state.alive:
                return self._with(state, services, lifetime, timeout_s)
            self._clear(state)
            return self._start(registry_port, services, lifetime, time.monotonic() + timeout_s)

    def down(self) -> tuple[str, ...]:
        """Stop every process, remove every file; the names of those that were running."""
        if not self._data.is_dir():
            return ()
        with self._locked():
            state = self._load()
            running = tuple(each.name for each in state.processes if each.alive) if state else ()
            self._clear(state)
            if not any(self._data.iterdir()):
                self._data.rmdir()
        return running

    def status(self) -> WorldState | None:
        """What `up` started, or None; ask each process whether it is still `alive`."""
        return self._load()

    def start_provider(self, name: str, options: ProviderOptions, *, lifetime: Lifetime = UNTIL_DOWN) -> SampleProcess:
        """Add one provider (or start a stopped one again) under `name`. Raises SamplesError when no world is up."""
        with self._locked():
            state = self._require()
            others = tuple(process for process in state.processes if process.name != name or process.alive)
            if any(process.name == name for process in others):
                raise SamplesError(f"{name} is running already", hint="stop it first, or choose another name")
            started = launch_provider(self.workdir, state.registry, options, name=name, lifetime=lifetime)
            self._save(WorldState(state.registry, (*others, started)))
            return started

    def stop_provider(self, name: str, *, kill: bool = False) -> None:
        """Stop one process of the world. Raises SamplesError when there is none of that name."""
        with self._locked():
            state = self._require()
            known = [process.name for process in state.processes]
            if name not in known:
                raise SamplesError(f"no sample process {name}", hint=f"there are {', '.join(known)}")
            state[name].stop(kill=kill)
            self._save(WorldState(state.registry, tuple(each for each in state.processes if each.name != name)))

    def _with(self, state: WorldState, services: Sequence[str], lifetime: Lifetime, timeout_s: float) -> WorldState:
        """A running world, with these services added to it as far as they are missing."""
        running = {process.name for process in state.processes}
        for name in services:
            if name not in running:
                options = ProviderOptions(services=(name,))
                added = launch_provider(
                    self.workdir, state.registry, options, name=name, lifetime=lifetime, timeout_s=timeout_s
                )
                state = WorldState(state.registry, (*state.processes, added))
                self._save(state)
        return state

    def _start(self, registry_port: int, services: Sequence[str], lifetime: Lifetime, end: float) -> WorldState:
        launches: list[Launch] = []

        def note() -> None:  # for `down`, should we be killed in the middle
            self._save(WorldState("", tuple(launch.begun for launch in launches), ready=False))

        try:
            launches.append(begin_registry(self.workdir, registry_port, lifetime))
            note()
            registry = launches[0].finish(end, note)
            for name in services:  # they boot side by side
                options = ProviderOptions(services=(name,))
                launches.append(begin_provider(self.workdir, registry.address, options, name, lifetime))
                note()
            state = WorldState(registry.address, (registry, *(launch.finish(end, note) for launch in launches[1:])))
            self._save(state)
        except BaseException as error:  # also a Ctrl-C
            for launch in launches:
                launch.abort()
            self._clear(None)
            if isinstance(error, SamplesError):
                error.where = ""  # the log has gone with the rest; its last lines stand in the message
            raise
        return state

    def _require(self) -> WorldState:
        state = self._load()
        if state is None or not state.ready:
            raise SamplesError("the sample world is not up", hint="start it with `workbench samples up`")
        return state

    def _clear(self, state: WorldState | None) -> None:
        """The registry is stopped last: a provider that cannot say good-bye to it waits in vain."""
        processes = state.processes if state else ()
        stop([each.process for each in processes if each.name != REGISTRY])
        stop([each.process for each in processes if each.name == REGISTRY])
        shutil.rmtree(self.workdir, ignore_errors=True)
        self._file.unlink(missing_ok=True)

    def _load(self) -> WorldState | None:
        try:
            return msgspec.convert(json.loads(self._file.read_bytes(), where=str(self._file)), WorldState)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (JsonError, msgspec.ValidationError) as error:
            hint = "stop the java processes it names, then remove the file"
            raise SamplesError(f"not a state of the sample world: {error}", where=str(self._file), hint=hint) from error

    def _save(self, state: WorldState) -> None:
        new = self._file.with_suffix(".json.new")
        new.write_text(json.pretty(msgspec.to_builtins(state)), encoding="utf-8")
        new.replace(self._file)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One at a time. The directory itself is the lock, so that no lock file is left."""
        handle = self._lock()
        try:
            yield
        finally:
            os.close(handle)

    def _lock(self) -> int:
        while True:
            self._data.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._data, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if self._data.is_dir() and os.path.samestat(os.fstat(handle), self._data.stat()):
                return handle
            os.close(handle)  # another `down` removed the directory while we waited
