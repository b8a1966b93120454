"""Providers on other releases of Dubbo (bridge-java/ages), for the compatibility matrix."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from workbench.discovery.readers import read_registry
from workbench.errors import RegistryError
from workbench.invokers.java import find_java
from workbench.model.registry import Provider
from workbench.usecases.samples_launch import SMALL_JVM, Launch, Lifetime, SampleProcess, home_option

AGES = Path(__file__).parents[2] / "bridge-java" / "ages"
FACADE = "com.example.ages.AgesFacade"
TRIPLE = ("com.example.letters.Letters", "com.example.letters.ParcelStreams")  # offered over tri only
MAIN = "com.example.ages.provider.Provider"
API = AGES / "api" / "target" / "ages-api-1.0.0.jar"
LETTERS_API = AGES / "letters" / "target" / "letters-api-1.0.0.jar"
RELEASES = {"2.6": "2.6.12", "2.7": "2.7.23", "3.2": "3.2.19", "3.3": "3.3.6", "python": "dubbo-python 3.0.0b1"}
REGISTERED = RELEASES | {"2.6": "2.6.x", "python": ""}  # what they say of their release
_DESCRIPTORS = AGES / "letters/target/generated-resources/protobuf/descriptor-sets/letters.desc"
_PYTHON = Path(__file__).parents[1] / "peers" / "python_letters.py"
# Releases from before JDK 17 reach into the JDK for proxies, theirs and those of annotations.
_OPENED = (
    "java.base/java.lang",
    "java.base/java.lang.reflect",
    "java.base/java.math",
    "java.base/java.util",
    "java.base/sun.reflect.annotation",
)
OPENED = tuple(part for place in _OPENED for part in ("--add-opens", f"{place}=ALL-UNNAMED"))


def begin(workdir: Path, registry: str, release: str, lifetime: Lifetime, **options: str) -> Launch:
    """A provider on its way up; `options` as in Place.java: register, serialization, protocol, metadata."""
    libraries = AGES / f"dubbo-{release}" / "target"
    path = os.pathsep.join((str(libraries / f"ages-dubbo-{release}-1.0.0.jar"), str(libraries / "lib" / "*")))
    flags = [part for key, value in options.items() for part in (f"--{key}", value)]
    name = "-".join((release, *options.values()))
    jvm = [*SMALL_JVM, *OPENED, home_option(workdir), "-cp", path, MAIN]
    return Launch(name, [str(find_java()), *jvm, "--registry", registry, *flags, *lifetime.arguments()], workdir)


def begin_python(workdir: Path, registry: str, lifetime: Lifetime) -> Launch:
    """A provider in Python on its way up; it has the service by IDL only."""
    place, _, root = registry.partition("://")[2].partition("/")
    flags = {"descriptors": str(_DESCRIPTORS), "service": TRIPLE[0], "registry": place, "root": root}
    options = [part for key, value in flags.items() for part in (f"--{key}", value)]
    return Launch("python", [sys.executable, str(_PYTHON), *options, *lifetime.arguments()], workdir)


def await_registered(registry: str, process: SampleProcess, patience_s: float = 180) -> Provider:
    """What the registry says of the process, as soon as it says it of all its interfaces."""
    return _until(lambda: _registered(registry, process), patience_s)


def _registered(registry: str, process: SampleProcess) -> Provider | None:
    """The offer of its first service, when all that it has are there."""
    try:
        view = read_registry(registry, interfaces=["com.example.*"])
    except RegistryError:  # nobody has written there yet
        return None
    services = [one for service in view.services for one in service.providers if one.url == process.address]
    there = {one.interface: one for one in services}
    return there[_services(process)[0]] if there.keys() >= set(_services(process)) else None


def _services(process: SampleProcess) -> tuple[str, ...]:
    if process.name == "python":
        return TRIPLE[:1]
    return (FACADE, *TRIPLE) if process.address.startswith("tri:") else (FACADE,)


def _until(look: Callable[[], Provider | None], patience_s: float) -> Provider:
    end = time.monotonic() + patience_s
    while (found := look()) is None:
        assert time.monotonic() < end, "the provider does not appear in the registry"
        time.sleep(0.1)
    return found
