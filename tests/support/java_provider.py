"""A Dubbo provider written in a test: its API and its service compiled, started on loopback, ended with the test."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from ports import held_port

from workbench.invokers.archive import archive_options
from workbench.invokers.java import find_jar, find_java
from workbench.usecases.samples_launch import SMALL_JVM, home_option

# javac compiles a handful of classes: a compiler that is itself being optimised costs more than it gives
JAVAC = ("javac", "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-proc:none")


class JavaProvider(Struct, frozen=True):
    """`url`: where it listens; `jar`: everything that was compiled, API and service; `log`: what it printed."""

    url: str
    jar: str
    log: Path
    pid: int


def compile_jar(folder: Path, sources: Mapping[str, str], class_path: str = "") -> Path:
    """`folder/compiled.jar` of sources by class name; packages as in the name."""
    files = []
    for name, text in sources.items():
        path = folder / "source" / f"{name.replace('.', '/')}.java"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        files.append(path)
    compiled = folder / "classes"
    command = [*JAVAC, "--release", "17", "-cp", class_path or ".", "-d", compiled, *files]
    subprocess.run(command, check=True)
    return Path(shutil.make_archive(str(folder / "compiled"), "zip", compiled)).replace(folder / "compiled.jar")


@contextmanager
def java_provider(
    folder: Path,
    sources: Mapping[str, str],
    main: str,
    dubbo: str = "",
    host: str = "::1",
    jvm: tuple[str, ...] = (),
) -> Iterator[JavaProvider]:
    """Run `main PORT`, which prints READY once it serves there. `dubbo`: class path; default: the bridge's jar.

    `host`: the one address it listens at, IPv6; Dubbo refuses 127.0.0.1, but not ::ffff:127.0.0.1, which is the same.
    """
    archive = () if dubbo else archive_options(find_java(), find_jar())
    dubbo = dubbo or str(find_jar())
    jar = compile_jar(folder, sources, dubbo)
    java = [str(find_java()), *SMALL_JVM, home_option(folder), *archive, *jvm]
    environment = {**os.environ, "DUBBO_IP_TO_BIND": host, "DUBBO_IP_TO_REGISTRY": host, "TZ": "UTC"}
    log_file = folder / "log"
    # to the end, so that at `localhost`, too, nobody else is met
    with held_port("::") as port, log_file.open("wb") as log:
        command = [*java, "-cp", os.pathsep.join((dubbo, str(jar))), main, str(port)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment, text=True
        )
        with process:
            assert process.stdout is not None
            try:
                assert any(line.startswith("READY") for line in process.stdout), log_file.read_text()
                yield JavaProvider(f"dubbo://[{host}]:{port}", str(jar), log_file, process.pid)
            finally:
                process.kill()
