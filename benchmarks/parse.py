"""How fast artifacts are parsed, on one core: classes a second, and the time to see what a fat jar offers.

    python benchmarks/parse.py [JAR …]

Without arguments it takes the largest jars of the local Maven repository and of /usr/share/java.
The fat jars are built in a temporary folder: about 60 MB of libraries in BOOT-INF/lib and one service in Spring XML.
Rates are of CPU time and the best of five rounds, because other work on the machine only ever adds to it.
"""

import gc
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from workbench_parsers import ArchiveParser
from workbench_parsers.archives.archive import Archive
from workbench_parsers.archives.budget import Budget
from workbench_parsers.classfile import ClassFile, access

from workbench.plugin_api import ParseLimits

ROUNDS = 5
GOAL = 8000  # classes a second from a jar
FAT_BYTES = 60 * 1000 * 1000
LIMITS = ParseLimits(max_entries=200_000, max_total_bytes=8 << 30)
REPOSITORY = Path.home() / ".m2/repository"


def main(arguments: list[str]) -> None:
    jars = [Path(argument) for argument in arguments] or _local_jars()
    classes = _corpus(jars, 6000)
    size = sum(map(len, classes)) / len(classes)
    print(f"Python {sys.version.split()[0]}, {len(classes)} classes of {size:.0f} bytes on average, one core")
    seconds = _best(lambda: sum(map(_everything, classes)))
    print(f"class files in memory, everything decoded: {len(classes) / seconds:8.0f} classes/s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        flat = _flat_jar(folder / "flat.jar", classes, "c")
        seconds = _best(lambda: _read_jar(flat))
        rate = len(classes) / seconds
        print(f"from a jar, everything decoded:            {rate:8.0f} classes/s")
        verdict = "reached" if rate >= GOAL else "missed"
        print(f"the goal, {GOAL} classes/s from a jar:        {verdict} ({rate / GOAL:.2f} of it)")
        own = [_flat_jar(folder / f"own{index}.jar", classes, f"own{index}") for index in range(8)]
        _show_fat("public libraries", _fat_jar(folder / "public.jar", jars))
        _show_fat("only classes of one's own", _fat_jar(folder / "own.jar", own))


def _show_fat(what: str, path: Path) -> None:
    megabytes, count = path.stat().st_size / 1e6, _count(path)
    cpu, wall = _best(lambda: _see(path)), _best(lambda: _see(path), time.perf_counter)
    print(f"fat jar of {what}, {megabytes:.0f} MB, {count} classes: interfaces seen in {wall:.2f} s ({cpu:.2f} s CPU)")


def _best(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)


def _everything(data: bytes) -> int:
    """What a contract can ask of one class: its declaration, and all members that are no compiler's own."""
    found = ClassFile(data)
    seen: list[object] = [found.name, found.super_name, found.interfaces, found.signature, found.annotations]
    seen += [str(field.field_type) for field in found.fields if not field.is_static and not field.is_synthetic]
    for method in found.methods:
        if not method.access & (access.PRIVATE | access.STATIC | access.SYNTHETIC):
            seen += [method.signature, method.erased, method.exceptions, method.parameter_names, method.annotations]
    return len(seen)


def _read_jar(path: Path) -> None:
    archive = Archive.open(path, Budget(LIMITS))
    for name in archive.entries:
        _everything(archive.read(name))
    archive.close()


def _see(path: Path) -> None:
    contract = ArchiveParser().parse([path], sources=[], interfaces=[], limits=LIMITS)
    assert [interface.name for interface in contract.interfaces] == ["bench.OrderService"]


def _count(path: Path) -> int:
    with zipfile.ZipFile(path) as outer:
        libraries = [zipfile.ZipFile(outer.open(name)) for name in outer.namelist() if name.endswith(".jar")]
        return sum(name.endswith(".class") for library in libraries for name in library.namelist())


def _local_jars() -> list[Path]:
    found = [*REPOSITORY.rglob("*.jar"), *Path("/usr/share/java").glob("*.jar")]
    binary = [path for path in found if "sources" not in path.name and path.is_file() and not path.is_symlink()]
    if not binary:
        sys.exit("no jars found in the local Maven repository: name some on the command line")
    return sorted(binary, key=lambda path: -path.stat().st_size)


def _corpus(jars: list[Path], count: int) -> list[bytes]:
    """Classes from all jars, a few hundred of each, so that no one style of code decides."""
    found: list[bytes] = []
    for path in jars:
        found.extend(data for _, data in zip(range(400), _classes(path), strict=False))
        if len(found) >= count:
            break
    return found[:count]


def _classes(path: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".class") and not name.endswith(("module-info.class", "package-info.class")):
                yield archive.read(name)


def _flat_jar(path: Path, classes: list[bytes], package: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for index, data in enumerate(classes):
            archive.writestr(f"{package}/C{index}.class", data)
    return path


def _fat_jar(path: Path, jars: list[Path]) -> Path:
    """As Spring Boot packs it: libraries stored, the application beside them."""
    size = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("BOOT-INF/classes/dubbo.xml", _xml())
        for index, jar in enumerate(jars):
            if jar.stat().st_size < FAT_BYTES - size:
                archive.write(jar, f"BOOT-INF/lib/{index}-{jar.name}")
                size += jar.stat().st_size
    return path


def _xml() -> str:
    namespaces = 'xmlns="http://www.springframework.org/schema/beans" xmlns:d="http://dubbo.apache.org/schema/dubbo"'
    return f'<beans {namespaces}><d:service interface="bench.OrderService" ref="orders"/></beans>'


if __name__ == "__main__":
    main(sys.argv[1:])
