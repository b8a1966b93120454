"""The sample world: an embedded ZooKeeper and three Dubbo providers on loopback, to try and to test against.

`SampleWorld` keeps what it started in `samples.json` in the data directory, so that `up` and `down` may be different
processes. `launch_registry` and `launch_provider` start a single one for whoever wants to stop it himself.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from workbench.errors import JsonError, SamplesError
from workbench.model import json
from workbench.usecases.samples_files import java_command, samples_dir
from workbench.usecases.samples_process import PortTakenError, Ready, Running, await_ready, is_alive, spawn, stop

SERVICES = ("order", "trade", "notify")
REGISTRY = "registry"
# Quick to start on few cores, and small: these processes are to be tested against, not to be fast.
SMALL_JVM = ("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
_STARTS = 3  # tries when another process took the free port in between


class Lifetime(msgspec.Struct, frozen=True):
    """When a started process ends by itself: with `parent` (a process id; 0: none) or after minutes (0: never)."""

    max_minutes: int = 480
    parent: int = 0


UNTIL_DOWN = Lifetime()


class ProviderOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Start options of one provider process; several services may share one.

    `register` is interface, application or both; `failure_rate` is from 0 to 1; port 0 takes a free one.
    `answer_variant` makes it answer differently, for tests that want to see a change noticed.
    """

    services: tuple[str, ...]
    port: int = 0
    group: str = ""
    version: str = ""
    tag: str = ""
    weight: int = 100
    delay_ms: int = 0
    failure_rate: float = 0
    register: str = "both"
    answer_variant: str = ""
    jvm: tuple[str, ...] = SMALL_JVM


class SampleProcess(msgspec.Struct, frozen=True):
    """One process of the world; `address` is zookeeper://HOST:PORT or dubbo://[HOST]:PORT."""

    name: str
    address: str
    port: int
    process: Running

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return is_alive(self.process)

    def stop(self, *, kill: bool = False) -> None:
        """End it; with `kill` without a farewell, so that its registration stays until the session times out."""
        stop([self.process], kill=kill)


class WorldState(msgspec.Struct, frozen=True):
    """What runs: the registry's address and every process, the registry first."""

    registry: str
    processes: tuple[SampleProcess, ...]

    def __getitem__(self, name: str) -> SampleProcess:
        """The process of that name (registry, order, trade, notify). Raises KeyError."""
        return {process.name: process for process in self.processes}[name]


def launch_registry(
    workdir: Path, *, port: int = 0, lifetime: Lifetime = UNTIL_DOWN, timeout_s: float = 60
) -> SampleProcess:
    """Start a ZooKeeper of its own, with its data and log below `workdir`, and wait until it answers."""
    options = ["--data", str(workdir / "zookeeper"), "--port", str(port)]
    return _launch(REGISTRY, _registry_command(options, lifetime), workdir, time.monotonic() + timeout_s)


def launch_provider(
    workdir: Path,
    registry: str,
    options: ProviderOptions,
    *,
    name: str = "",
    lifetime: Lifetime = UNTIL_DOWN,
    timeout_s: float = 60,
) -> SampleProcess:
    """Start one provider process and wait until the registry shows it. `name` only tells log files apart."""
    command = _provider_command(workdir, registry, options, lifetime)
    return _launch(name or "-".join(options.services), command, workdir, time.monotonic() + timeout_s)


def _registry_command(options: Sequence[str], lifetime: Lifetime) -> list[str]:
    jar = samples_dir() / "workbench-registry.jar"
    return [java_command(), *SMALL_JVM, "-jar", str(jar), *options, *_lifetime_options(lifetime)]


def _provider_command(workdir: Path, registry: str, options: ProviderOptions, lifetime: Lifetime) -> list[str]:
    path = os.pathsep.join(str(samples_dir() / f"{service}-provider.jar") for service in options.services)
    values = {
        "registry": registry,
        "services": ",".join(options.services),
        "port": options.port,
        "group": options.group,
        "version": options.version,
        "tag": options.tag,
        "weight": options.weight,
        "delay": options.delay_ms,
        "failure-rate": options.failure_rate,
        "register": options.register,
        "answer-variant": options.answer_variant,
    }
    flags = [part for key, value in values.items() for part in (f"--{key}", str(value))]
    # Dubbo keeps caches in the home directory; here they go with the world.
    jvm = [*options.jvm, f"-Duser.home={workdir}", "-cp", path]
    return [java_command(), *jvm, "io.dubboworkbench.samples.ProviderMain", *flags, *_lifetime_options(lifetime)]


def _lifetime_options(lifetime: Lifetime) -> list[str]:
    return ["--max-minutes", str(lifetime.max_minutes), "--exit-with-parent", str(lifetime.parent)]


def _launch(name: str, command: list[str], workdir: Path, end: float) -> SampleProcess:
    return _finish(name, command, workdir, spawn(command, workdir / f"{name}.log"), end)


def _finish(name: str, command: list[str], workdir: Path, process: Running, end: float) -> SampleProcess:
    """Wait for a spawned process; on failure nothing of it is left running."""
    for left in reversed(range(_STARTS)):
        try:
            return _named(name, await_ready(process, end), process)
        except PortTakenError:
            if left == 0:
                raise
            process = spawn(command, workdir / f"{name}.log")
        except BaseException:  # also a Ctrl-C: what we started must not stay
            stop([process], kill=True)
            raise
    raise AssertionError("unreachable")


def _stop_in_order(state: WorldState) -> None:
    """The registry last: a provider that cannot say good-bye to it waits in vain."""
    stop([process.process for process in state.processes if process.name != REGISTRY])
    stop([process.process for process in state.processes if process.name == REGISTRY])


def _named(name: str, ready: Ready, process: Running) -> SampleProcess:
    return SampleProcess(name, ready.address, ready.port, process)


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
        """Start everything that is not running, wait until it is registered. What runs already is left as it is.

        Raises SamplesError, and then leaves nothing behind.
        """
        with self._locked():
            state = self._load()
            if state is not None and all(process.alive for process in state.processes):
                return state
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

    def _start(self, registry_port: int, services: Sequence[str], lifetime: Lifetime, end: float) -> WorldState:
        started: list[Running] = []
        try:
            registry = launch_registry(
                self.workdir, port=registry_port, lifetime=lifetime, timeout_s=end - time.monotonic()
            )
            started.append(registry.process)
            finishers = [self._begin(name, registry.address, lifetime, started, end) for name in services]
            state = WorldState(registry.address, (registry, *(finish() for finish in finishers)))
            self._save(state)
        except BaseException as error:  # also a Ctrl-C
            stop(started, kill=True)
            self._remove_files()
            if isinstance(error, SamplesError):
                error.where = ""  # the log has gone with the rest; its last lines stand in the message
            raise
        return state

    def _begin(
        self, name: str, registry: str, lifetime: Lifetime, started: list[Running], end: float
    ) -> Callable[[], SampleProcess]:
        """Spawn without waiting: the providers boot side by side."""
        command = _provider_command(self.workdir, registry, ProviderOptions(services=(name,)), lifetime)
        process = spawn(command, self.workdir / f"{name}.log")
        started.append(process)
        return lambda: _finish(name, command, self.workdir, process, end)

    def _require(self) -> WorldState:
        state = self._load()
        if state is None:
            raise SamplesError("the sample world is not up", hint="start it with `workbench samples up`")
        return state

    def _clear(self, state: WorldState | None) -> None:
        if state:
            _stop_in_order(state)
        self._remove_files()

    def _remove_files(self) -> None:
        shutil.rmtree(self.workdir, ignore_errors=True)
        self._file.unlink(missing_ok=True)

    def _load(self) -> WorldState | None:
        try:
            return msgspec.convert(json.loads(self._file.read_bytes(), where=str(self._file)), WorldState)
        except FileNotFoundError:
            return None
        except (JsonError, msgspec.ValidationError) as error:
            hint = "remove the file; `workbench samples up` writes a new one"
            raise SamplesError(f"not a state of the sample world: {error}", where=str(self._file), hint=hint) from error

    def _save(self, state: WorldState) -> None:
        new = self._file.with_suffix(".json.new")
        new.write_text(json.pretty(msgspec.to_builtins(state)), encoding="utf-8")
        new.replace(self._file)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One at a time. The directory itself is the lock, so that no lock file is left."""
        self._data.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._data, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
