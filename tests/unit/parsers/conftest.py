"""Real class files for the parser's tests: Java sources beside this file, compiled once and kept by their hash."""

import hashlib
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp

import pytest
from workbench_parsers import ArchiveParser

from workbench.model.contract import Contract, Method
from workbench.plugin_api import ParseLimits

HERE = Path(__file__).parent
CACHE = HERE.parents[2] / ".make" / "java-fixtures"

Classes = dict[str, bytes]  # entry name → class file


def _jdks() -> dict[int, Path]:
    """JDKs on this machine by release: JAVA_HOME and what stands under /usr/lib/jvm."""
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    homes += sorted(Path("/usr/lib/jvm").glob("*")) if Path("/usr/lib/jvm").is_dir() else []
    found: dict[int, Path] = {}
    for home in homes:
        release = home / "release"
        version = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.is_file() else None
        if version and (home / "bin/javac").exists():
            found.setdefault(int(version[1]), home)
    assert found, "no JDK found; `make setup` installs one"
    return found


JDKS = _jdks()
RELEASES = [release for release in (8, 11, 17, 21, 25) if release <= max(JDKS)]


def _compile(folders: Sequence[str], release: int, options: Sequence[str]) -> Classes:
    sources = sorted(file for folder in folders for file in (HERE / "java" / folder).rglob("*.java"))
    jdk = JDKS[max(JDKS)]
    command = [
        str(jdk / "bin/javac"),
        "--release",
        str(release),
        "-nowarn",
        "-Xlint:none",
        "-encoding",
        "UTF-8",
        *options,
    ]
    digest = hashlib.sha256(repr((command[1:], jdk.name)).encode())
    for source in sources:
        digest.update(source.read_bytes())
    target = CACHE / digest.hexdigest()[:24]
    if not target.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        building = Path(mkdtemp(dir=CACHE))
        subprocess.run([*command, "-d", str(building), *map(str, sources)], check=True, capture_output=True)
        try:
            building.rename(target)  # all or nothing: test processes run side by side
        except OSError:
            shutil.rmtree(building)
    return {file.relative_to(target).as_posix(): file.read_bytes() for file in sorted(target.rglob("*.class"))}


@pytest.fixture(scope="session")
def compile_java() -> Callable[..., Classes]:
    """`compile_java("shop", "stubs", release=8, options=["-g:none"])` → class files by entry name."""

    def compile_(*folders: str, release: int = 17, options: Sequence[str] = ("-g",)) -> Classes:
        return _compile(folders, release, options)

    return compile_


@pytest.fixture(scope="session", params=RELEASES)
def release(request: pytest.FixtureRequest) -> int:
    """Each Java release that a JDK here can compile for."""
    value: int = request.param
    return value


@pytest.fixture(scope="session")
def shop(compile_java: Callable[..., Classes]) -> Classes:
    """com.shop.{base,api,impl} without the annotations themselves, as an application's own classes are."""
    return {name: data for name, data in compile_java("shop", "stubs").items() if name.startswith("com/shop/")}


@pytest.fixture(scope="session")
def api(shop: Classes) -> Classes:
    """com.shop.{base,api}: what an API jar holds."""
    return {name: data for name, data in shop.items() if "/impl/" not in name}


@pytest.fixture(scope="session")
def modern(compile_java: Callable[..., Classes]) -> Classes:
    return compile_java("modern")


def zip_bytes(entries: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def zipped() -> Callable[..., bytes]:
    """`zipped({name: bytes}, stored=False)` → the bytes of an archive."""
    return zip_bytes


@pytest.fixture
def jar(tmp_path: Path) -> Callable[..., Path]:
    """`jar("order-api.jar", {name: bytes}, …)` → the path of an archive with these entries."""

    def make(name: str, *entries: Mapping[str, bytes], stored: bool = False) -> Path:
        path = tmp_path / name
        path.write_bytes(zip_bytes({key: value for part in entries for key, value in part.items()}, stored=stored))
        return path

    return make


@pytest.fixture
def parse() -> Callable[..., Contract]:
    """`parse(path, …, interfaces=[], sources=[], limits=…)` → the contract."""

    def run(*paths: Path, interfaces: Sequence[str] = (), sources: Sequence[Path] = (), **limits: int) -> Contract:
        return ArchiveParser().parse(paths, sources=sources, interfaces=interfaces, limits=ParseLimits(**limits))

    return run


@pytest.fixture
def java_text() -> Callable[[Method], str]:
    """A method in one line of Java, names of parameters included."""

    def text(method: Method) -> str:
        generics = f"<{', '.join(method.type_parameters)}> " if method.type_parameters else ""
        parameters = ", ".join(f"{parameter.type} {parameter.name}" for parameter in method.parameters)
        throws = f" throws {', '.join(method.throws)}" if method.throws else ""
        return f"{generics}{method.returns} {method.name}({parameters}){throws}"

    return text
