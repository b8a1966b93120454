"""Is everything there that the workbench needs? `workbench doctor`: each check says how to mend what it found."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

from msgspec import Struct

from workbench.errors import BridgeError, SamplesError, WorkbenchError
from workbench.invokers import Bridge, DubboInvoker
from workbench.invokers.archive import cache_dir, create_archive, find_archive
from workbench.invokers.java import LEAST_RELEASE, find_jar, find_java, java_release
from workbench.model.plan import Target
from workbench.model.registry import Provider, RegistryView
from workbench.model.result import Cause
from workbench.model.words import plural
from workbench.plugin_api import Answer, DubboCall
from workbench.settings import Settings
from workbench.usecases.list_services import list_services
from workbench.usecases.resolve import SAMPLES
from workbench.usecases.samples import SampleWorld

PYTHON = ((3, 11), (3, 13))
GOOD_START_MS = 3000  # cold start to first answer, on two cores
_FIRST_CALL_MS = 10_000


class Check(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing looked at. `needed`: without it nothing runs; `mend` says what to do when it is not ok."""

    name: str
    ok: bool
    needed: bool = True
    found: str = ""
    mend: str = ""
    elapsed_ms: int = 0


class Health(Struct, frozen=True, kw_only=True):
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks if check.needed)


async def check_health(settings: Settings, bridge: Bridge, registry: str = "") -> Health:
    """Look at everything; never raises for what it looks at. `bridge` is started, measured and closed.

    Without a registry the sample world's providers are asked, when it is up.
    """
    checks = [_python(), _java(settings), _jar(settings), _data_dir(settings)]
    view: RegistryView | None = None
    if asked := registry or _samples(settings):
        check, view = _registry(settings, asked)
        checks.append(check)
    if all(check.ok for check in checks[1:4]):  # its log goes into the data directory
        checks.append(await asyncio.to_thread(_archive, settings))
        checks.append(await _bridge(bridge, view))
    return Health(checks=tuple(checks))


def _python() -> Check:
    low, high = (".".join(map(str, version)) for version in PYTHON)
    ok = PYTHON[0] <= sys.version_info[:2] <= PYTHON[1]
    found = ".".join(map(str, sys.version_info[:3]))
    return Check(name="Python", ok=ok, found=found, mend="" if ok else f"install Python {low} to {high}")


def _java(settings: Settings) -> Check:
    def look() -> str:
        java = settings.java_program or find_java()
        release = java_release(java)
        if release < LEAST_RELEASE:
            raise WorkbenchError(
                f"{java} is {f'Java {release}' if release else 'no Java that runs'}",
                hint=f"let the setting java name Java {LEAST_RELEASE} or later, or leave it out",
            )
        return f"Java {release}, {java}"

    return _look("Java", look)


def _jar(settings: Settings) -> Check:
    def look() -> str:
        jar = settings.bridge_jar_file or find_jar()
        if not jar.is_file():
            raise WorkbenchError(f"{jar} is no file", hint="mend the setting bridge_jar, or leave it out")
        return f"{jar}, {jar.stat().st_size // 1024} KB"

    return _look("bridge jar", look)


def _archive(settings: Settings) -> Check:
    """Made where there is none, so that somebody who installed a wheel has quick starts as well."""
    began = time.monotonic()
    try:
        java, jar = settings.java_program or find_java(), settings.bridge_jar_file or find_jar()
        archive = find_archive(java, jar)
        found = str(archive) if archive else f"made just now: {create_archive(java, jar)}"
    except BridgeError as error:
        mend = f"the bridge works without it, but starts more slowly; can {cache_dir()} be written?"
        return Check(name="class archive", ok=False, needed=False, found=error.message, mend=mend)
    return Check(name="class archive", ok=True, needed=False, found=found, elapsed_ms=_since(began))


def _data_dir(settings: Settings) -> Check:
    def look() -> str:
        folder = settings.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"x")
        except OSError as error:
            hint = "mend its rights, or name another folder with --data-dir"
            raise WorkbenchError(f"{folder} cannot be written: {error.strerror}", hint=hint) from error
        return str(folder)

    return _look("data directory", look)


def _registry(settings: Settings, registry: str) -> tuple[Check, RegistryView | None]:
    views: list[RegistryView] = []

    def look() -> str:
        view = list_services(settings, registry)
        views.append(view)
        providers = sum(len(service.providers) for service in view.services)
        return f"{view.address}: {plural(len(view.services), 'interface')}, {plural(providers, 'provider')}"

    return _look("registry", look), views[0] if views else None


def _samples(settings: Settings) -> str:
    """`samples://` when that world is up."""
    try:
        world = SampleWorld(settings.data_dir).status()
    except SamplesError:
        return ""
    return SAMPLES if world is not None and world.alive else ""


def _look(name: str, look: Callable[[], str]) -> Check:
    began = time.monotonic()
    try:
        found = look()
    except WorkbenchError as error:
        message = f"{error.where}: {error.message}" if error.where else error.message
        return Check(name=name, ok=False, found=message, mend=error.hint, elapsed_ms=_since(began))
    return Check(name=name, ok=True, found=found, elapsed_ms=_since(began))


async def _bridge(bridge: Bridge, view: RegistryView | None) -> Check:
    """Start the bridge; when the registry names a provider, ask it something that touches no service."""
    provider = next(_providers(view), None) if view else None
    began = time.monotonic()
    try:
        await bridge.start()
        if provider is None:
            return _started(_since(began))
        return _judged(await DubboInvoker(bridge).invoke(_question(provider)), provider, _since(began))
    except BridgeError as error:
        return Check(name="bridge", ok=False, found=str(error), mend=error.hint or f"its log: {bridge.log_file}")
    finally:
        await bridge.close()


def _providers(view: RegistryView) -> Iterator[Provider]:
    return (one for service in view.services for one in service.providers if not one.disabled)


def _started(elapsed_ms: int) -> Check:
    found = (
        f"ready in {elapsed_ms} ms, measured without a call; the time to the first answer is measured with --registry,"
        " or after `workbench samples up`"
    )
    return Check(name="bridge", ok=True, found=found, elapsed_ms=elapsed_ms)


def _judged(answer: Answer, provider: Provider, elapsed_ms: int) -> Check:
    failure = answer.failure
    if failure is not None and failure.cause is not Cause.NO_METHOD:  # that one only the provider itself can say
        found = f"{provider.address}: {failure.cause}: {failure.message}"
        return Check(name="first answer", ok=False, found=found, mend=failure.hint, elapsed_ms=elapsed_ms)
    slow = f", over {GOOD_START_MS} ms: is the machine busy?" if elapsed_ms > GOOD_START_MS else ""
    found = f"{elapsed_ms} ms from cold start to the answer of {provider.address}{slow}"
    return Check(name="first answer", ok=True, found=found, elapsed_ms=elapsed_ms)


def _question(provider: Provider) -> DubboCall:
    """Dubbo's own `$echo`: newer providers answer that they have no such method, which is an answer as well."""
    return DubboCall(
        interface=provider.interface,
        method="$echo",
        erased=("java.lang.Object",),
        arguments='["workbench"]',
        target=Target(),
        timeout_ms=_FIRST_CALL_MS,
        group=provider.group,
        version=provider.version,
        url=provider.url,
        mode="generic",
    )


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
