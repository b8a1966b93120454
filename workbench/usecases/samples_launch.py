"""Starts single processes of the sample world: a ZooKeeper, a provider with options."""

import os
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from workbench.errors import SamplesError
from workbench.invokers.java import find_java
from workbench.usecases.samples_files import archive_options, runtime_jar, samples_dir
from workbench.usecases.samples_process import PortTakenError, Running, await_ready, is_alive, spawn, stop

REGISTRY = "registry"
# Quick to start on few cores, and small: these processes are to be tested against, not to be fast.
SMALL_JVM = ("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
SESSION_MS = 15_000
_STARTS = 3  # tries when another process took the free port in between


class Lifetime(msgspec.Struct, frozen=True):
    """When a started process ends by itself: with `parent` (a process id; 0: none) or after minutes (0: never)."""

    max_minutes: int = 480
    parent: int = 0

    def arguments(self) -> list[str]:
        return ["--max-minutes", str(self.max_minutes), "--exit-with-parent", str(self.parent)]


UNTIL_DOWN = Lifetime()


class ProviderOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Start options of one provider process; several services may share one.

    `register` is interface, application or both; `failure_rate` is from 0 to 1; port 0 takes a free one.
    `answer_variant` makes it answer differently, for tests that want to see a change noticed
    (bridge-java/samples/README.md lists them). The provider listens at one port for each of `protocols`; the first is
    `port`. `registered_host` stands in the registry in place of the address it has, as a container's does.
    `tls`: the paths of certificate chain and private key (PEM), then consumers reach it over TLS only; with `tls_trust`
    they have to show a certificate that this one signed. `root` is a root of its own in the same registry.
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
    application: str = ""
    root: str = ""
    token: str = ""
    serialize_check: str = ""  # STRICT (Dubbo's default), WARN, DISABLE
    protocols: tuple[str, ...] = ("dubbo",)
    registered_host: str = ""
    tls: tuple[str, str] | tuple[()] = ()
    tls_trust: str = ""
    jvm: tuple[str, ...] = SMALL_JVM

    def arguments(self) -> list[str]:
        values = {
            "services": ",".join(self.services),
            "port": self.port,
            "group": self.group,
            "version": self.version,
            "tag": self.tag,
            "weight": self.weight,
            "delay": self.delay_ms,
            "failure-rate": self.failure_rate,
            "register": self.register,
            "answer-variant": self.answer_variant,
            "application": self.application,
            "token": self.token,
            "serialize-check": self.serialize_check,
            "protocols": ",".join(self.protocols),
            "registered-host": self.registered_host,
            "tls-chain": self.tls[0] if self.tls else "",
            "tls-key": self.tls[1] if self.tls else "",
            "tls-trust": self.tls_trust,
        }
        return [part for key, value in values.items() for part in (f"--{key}", str(value))]


class SampleProcess(msgspec.Struct, frozen=True):
    """One process of the world; `address` is zookeeper://HOST:PORT or dubbo://[HOST]:PORT."""

    name: str
    address: str
    port: int
    process: Running
    addresses: tuple[str, ...] = ()  # all that it listens to, those of the providers beside it behind its own

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return is_alive(self.process)

    def stop(self, *, kill: bool = False) -> None:
        """End it; with `kill` without a farewell, so that its registration stays until the session times out."""
        stop([self.process], kill=kill)


class Launch:
    """A process on its way up: spawned at once, `finish` waits, `abort` takes everything back."""

    def __init__(self, name: str, command: Sequence[str], workdir: Path) -> None:
        self._name = name
        self._command = command
        self._log = workdir / f"{name}.log"
        self._log.unlink(missing_ok=True)  # the READY line of an earlier one must not count
        self._process = spawn(command, self._log)

    @property
    def begun(self) -> SampleProcess:
        """The process without its address."""
        return SampleProcess(self._name, "", 0, self._process)

    def finish(self, end: float, again: Callable[[], None] = lambda: None) -> SampleProcess:
        """Wait until ready, until `end` (time.monotonic) at most; `again` is called when it is another process.

        Raises SamplesError; then nothing of it runs.
        """
        for _ in range(_STARTS - 1):
            try:
                return self._await(end)
            except PortTakenError:
                self._process = spawn(self._command, self._log)
                again()
        return self._await(end)

    def _await(self, end: float) -> SampleProcess:
        try:
            ready = await_ready(self._process, end)
        except BaseException:  # also a Ctrl-C: what we started must not stay
            self.abort()
            raise
        return SampleProcess(self._name, ready.address, ready.port, self._process, ready.addresses)

    def abort(self) -> None:
        stop([self._process], kill=True)


def begin_registry(workdir: Path, port: int, lifetime: Lifetime, session_ms: int = SESSION_MS) -> Launch:
    jar = samples_dir() / "workbench-registry.jar"
    _check_free(port)
    options = ["--data", str(workdir / "zookeeper"), "--port", str(port), "--session-timeout", str(session_ms)]
    return Launch(REGISTRY, [str(find_java()), *SMALL_JVM, "-jar", str(jar), *options, *lifetime.arguments()], workdir)


def _check_free(port: int) -> None:
    """Raises SamplesError for a port that somebody else has; 0 stands for a free one."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        hint = "choose another one with --registry-port, or leave it out"
        raise SamplesError(f"port {port} cannot be taken: {os.strerror(error.errno or 0)}", hint=hint) from error


def begin_provider(
    workdir: Path,
    registry: str,
    options: ProviderOptions,
    name: str,
    lifetime: Lifetime,
    beside: Sequence[ProviderOptions] = (),
) -> Launch:
    shared = archive_options() if options.jvm == SMALL_JVM else []  # an archive fits one collector
    jvm = [
        *options.jvm,
        *shared,
        home_option(workdir),
        "-cp",
        _class_path(options),
        "io.dubboworkbench.samples.Provider",
    ]
    flags = ["--registry", _rooted(registry, options), *options.arguments(), *lifetime.arguments()]
    for other in beside:
        flags += ["--and", "--registry", _rooted(registry, other), *other.arguments()]
    return Launch(name, [str(find_java()), *jvm, *flags], workdir)


def home_option(workdir: Path) -> str:
    """Dubbo keeps caches in the home directory; so they go with the world.

    Its folder is there before any provider is: of two that start at once one makes it, and Dubbo takes the other's
    mkdirs() for a failure ("Invalid service store file", in AbstractRegistry and AbstractMetadataReport of every
    release).
    """
    (workdir / ".dubbo").mkdir(parents=True, exist_ok=True)
    return f"-Duser.home={workdir}"


def _rooted(registry: str, options: ProviderOptions) -> str:
    return f"{registry}/{options.root}" if options.root else registry


def _class_path(options: ProviderOptions) -> str:
    """Providers name their libraries themselves; a variant that is a fact of a class brings it in a jar in front of
    theirs. What all share is first, as its archive of classes wants it."""
    folder = samples_dir()
    variants = [folder / "lib" / f"{service}-{options.answer_variant}.jar" for service in options.services]
    jars = [jar for jar in variants if jar.is_file()] + [
        folder / f"{service}-provider.jar" for service in options.services
    ]
    return os.pathsep.join(map(str, (runtime_jar(), *jars)))


def launch_registry(
    workdir: Path,
    *,
    port: int = 0,
    session_ms: int = SESSION_MS,
    lifetime: Lifetime = UNTIL_DOWN,
    timeout_s: float = 60,
) -> SampleProcess:
    """Start a ZooKeeper, with its data and log below `workdir`, and wait until it answers. Raises SamplesError.

    After `session_ms` the registration of a killed provider vanishes, whatever longer time the provider asked for.
    """
    return begin_registry(workdir, port, lifetime, session_ms).finish(time.monotonic() + timeout_s)


def launch_provider(
    workdir: Path,
    registry: str,
    options: ProviderOptions,
    *,
    name: str = "",
    lifetime: Lifetime = UNTIL_DOWN,
    timeout_s: float = 60,
    beside: Sequence[ProviderOptions] = (),
) -> SampleProcess:
    """Start one provider process and wait until the registry shows it. Raises SamplesError.

    `registry`: zookeeper://HOST:PORT[,HOST:PORT][/ROOT]. `name` names the log file, so it is to be one of its own
    in the workdir. `beside`: more providers of the same services in the same process, each as if it were alone.
    """
    launch = begin_provider(workdir, registry, options, name or "-".join(options.services), lifetime, beside)
    return launch.finish(time.monotonic() + timeout_s)
