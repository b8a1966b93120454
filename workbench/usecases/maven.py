"""Artifacts by their Maven coordinates: `com.example:order-api:1.1.0`, fetched with what their types need.

Written as Maven does, `GROUP:ARTIFACT[:PACKAGING[:CLASSIFIER]]:VERSION`: a jar, a war (put together again from what
Maven unpacks) or a pom, which stands for what it depends on. A sources jar is named by its artifact's coordinates.

Maven itself resolves them, so that mirrors, credentials and proxies of settings.xml hold. Outcomes are kept in
`<data dir>/maven/GROUP/ARTIFACT/VERSION/[PACKAGING-CLASSIFIER/]`: the jar, and in `needs/` what it depends on at
compile and run time.
"""

import filecmp
import hashlib
import logging
import os
import re
import shutil
import signal
import subprocess
import threading
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from workbench.errors import ArtifactError
from workbench.invokers.java import java_environ
from workbench.settings import Settings

NEEDS: Final = "needs"
progress: Final = logging.getLogger("workbench.progress")
_WORD: Final = r"[A-Za-z0-9_][\w.\-]*"
_GAV: Final = re.compile(
    rf"(?P<group>{_WORD}):(?P<artifact>{_WORD})(?::(?P<packaging>jar|war|pom)(?::(?P<classifier>{_WORD}))?)?"
    rf":(?P<version>{_WORD})"
)
# Copies a jar's runtime dependencies into WEB-INF/lib; the same release builds the samples.
_GOAL: Final = "org.apache.maven.plugins:maven-war-plugin:3.4.0:exploded"
_POM: Final = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>workbench</groupId><artifactId>fetched</artifactId><version>1</version><packaging>war</packaging>
<properties><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
<dependencies><dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>
<type>{packaging}</type>{more}</dependency></dependencies></project>
"""


_EMBEDDED: Final = re.compile(r"META-INF/maven/[^/]+/([^/]+)/pom\.xml")
_POM_BYTES: Final = 1 << 20
_FOREIGN: Final = re.compile(
    r"(?s)<!--.*?-->|<(build|profiles|reporting|repositories|pluginRepositories|modules)>.*?</\1>"
)
_UNUSED: Final = re.compile(r"<scope>\s*(test|provided|system)\s*</scope>|<optional>\s*true")
_ALONE: Final = "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"


class Coordinates(NamedTuple):
    group: str
    artifact: str
    version: str
    packaging: str = "jar"
    classifier: str = ""

    def __str__(self) -> str:
        extra = (self.packaging, self.classifier) if self.classifier else (self.packaging,) * (self.packaging != "jar")
        return ":".join((self.group, self.artifact, *extra, self.version))

    @property
    def folder(self) -> Path:
        plain = (self.packaging, self.classifier) == ("jar", "")
        return Path(
            self.group, self.artifact, self.version, *(() if plain else (f"{self.packaging}-{self.classifier}",))
        )


def coordinates(text: str) -> Coordinates | None:
    """GROUP:ARTIFACT[:PACKAGING[:CLASSIFIER]]:VERSION; None for what is none."""
    found = _GAV.fullmatch(text)
    return Coordinates(**{key: part for key, part in found.groupdict().items() if part}) if found else None


def is_needed(path: Path) -> bool:
    """Whether a file is not what was named, but what that depends on."""
    return path.parent.name == NEEDS and (path.parent.parent / f"{NEEDS}.ok").is_file()


def newest(text: str, settings: Settings) -> tuple[str, list[str]]:
    """The coordinates of the newest release that Maven finds from this one on, without what it needs; the same where
    there is no newer one. And what it could not ask (see `doubts`). Raises ArtifactError."""
    wanted = coordinates(text)
    assert wanted is not None
    with TemporaryDirectory(prefix="workbench-maven-") as name:
        scratch = Path(name)
        alone = wanted._replace(version=f"[{wanted.version},)", classifier=wanted.classifier)
        (scratch / "pom.xml").write_text(
            _pom(alone).replace("</type>", f"</type>{_ALONE}", 1 - bool(wanted.classifier))
        )
        doubts = _run(wanted, scratch, settings)
        tail = f"-{wanted.classifier}.jar" if wanted.classifier else ".jar"
        found = [path.name for path in scratch.glob(f"target/fetched-1/WEB-INF/lib/{wanted.artifact}-*{tail}")]
    versions = [each[len(wanted.artifact) + 1 : -len(tail)] for each in found]
    newer = next((each for each in versions if "SNAPSHOT" not in each), wanted.version)
    return str(wanted._replace(version=newer)), doubts


class Fetch:
    """Fetches by coordinates, with sources, and what the pom inside of a jar names. Raises ArtifactError.

    One of these asks for a snapshot once, and then takes it as it is. `doubts`: repositories that did not answer, where
    Maven went on with what it had.
    """

    def __init__(self, settings: Settings, sources: bool, kept: bool = False) -> None:
        self._settings = settings
        self._sources = sources
        self._kept = kept
        self._asked: dict[Path, bool] = {}  # folder → whether it holds something else since
        self._root = (settings.data_dir / "maven").absolute()
        self.doubts: list[str] = []

    def __call__(self, text: str) -> list[Path]:
        """The file of these coordinates, then what it needs."""
        wanted = coordinates(text)
        assert wanted is not None
        if self._sources and not wanted.classifier:
            wanted = wanted._replace(packaging="jar", classifier="sources")
        folder = self._root / wanted.folder
        if not (folder / f"{NEEDS}.ok").is_file() or self._is_due(wanted, folder):
            progress.info("fetching %s with Maven", wanted)
            self._asked[folder], doubts = _fetch(wanted, folder, self._settings)
            self.doubts += [each for each in doubts if each not in self.doubts]
        return self._files(wanted)

    def _is_due(self, wanted: Coordinates, folder: Path) -> bool:
        return wanted.version.endswith("-SNAPSHOT") and not self._kept and folder not in self._asked

    def _files(self, wanted: Coordinates) -> list[Path]:
        folder = self._root / wanted.folder
        if wanted.packaging == "pom":
            return sorted(folder.glob("*.jar"))
        return [folder / _file(wanted), *sorted((folder / NEEDS).glob("*.jar"))]

    def held(self, text: str) -> list[Path]:
        """What was fetched of these coordinates before; nothing where that was never done."""
        wanted = coordinates(text)
        whole = wanted is not None and (self._root / wanted.folder / f"{NEEDS}.ok").is_file()
        return self._files(wanted) if wanted is not None and whole else []

    def sources(self, texts: Iterable[str]) -> list[Path]:
        """The sources jars of those that are coordinates of jars, where a repository has them."""
        return [path for text in texts if (wanted := coordinates(text)) for path in self._source(wanted)]

    def _source(self, wanted: Coordinates) -> list[Path]:
        if wanted.packaging != "jar" or wanted.classifier:
            return []
        missing = self._root / wanted.folder / "sources.none"
        renewed = self._asked.get(self._root / wanted.folder, False)
        if missing.is_file() and not renewed:
            return []
        try:  # as they are, unless their jar is another one now
            return Fetch(self._settings, sources=True, kept=not renewed)(str(wanted))
        except ArtifactError as error:
            progress.info("  no sources: %s", error)
            if error.message.startswith(_NOWHERE):
                missing.write_text("")
            return []

    def needs(self, path: Path) -> list[Path]:
        """What the pom inside of a jar names as dependencies. Nothing, unless the settings name Maven's settings.xml.

        What cannot be fetched is told as progress, and tried again the next time: the jar alone is often enough.
        """
        pom = "" if self._sources or not self._settings.maven_settings else embedded_pom(path)
        if not pom:
            return []
        folder = self._root / "poms" / hashlib.sha256(pom.encode()).hexdigest()[:32]
        if not (folder / f"{NEEDS}.ok").is_file():
            progress.info("fetching what the pom in %s names, with Maven", path.name)
            try:
                _fetch_needs(pom, path.name, folder, self._settings)
            except ArtifactError as error:
                progress.info("  not fetched: %s", error)
                return []
        return sorted((folder / NEEDS).glob("*.jar"))


def fetcher(settings: Settings, *, sources: bool = False, kept: bool = False) -> Fetch:
    """`sources`: for sources jars: coordinates then mean the sources of what they name, alone. `kept`: a snapshot that
    was fetched before is taken as it is, and nobody is asked for a newer one."""
    return Fetch(settings, sources, kept)


def embedded_pom(path: Path) -> str:
    """The pom of a plain jar, when it names dependencies that are there at run time; "" else.

    Only what the coordinates need stays of it: nothing in it may name plug-ins or repositories.
    """
    try:
        with zipfile.ZipFile(path) as jar:
            names = jar.namelist()
            pom = _own_pom([name for name in names if _EMBEDDED.fullmatch(name)], path.name)
            packed = any(name.startswith(("BOOT-INF/lib/", "WEB-INF/lib/")) for name in names)
            if not pom or packed or jar.getinfo(pom).file_size >= _POM_BYTES:
                return ""
            text = _FOREIGN.sub("", jar.read(pom).decode("utf-8", "replace"))
    except (OSError, zipfile.BadZipFile):
        return ""  # whoever reads its classes tells
    own = re.sub(r"(?s)<dependencyManagement>.*?</dependencyManagement>", "", text)
    wanted = [one for one in re.findall(r"(?s)<dependency>.*?</dependency>", own) if not _UNUSED.search(one)]
    return _as_war(text) if wanted else ""


def _own_pom(poms: Sequence[str], jar: str) -> str:
    """Of several, as a jar has them that was merged from others, the one that the jar is named after."""
    if len(poms) < 2:
        return "".join(poms)
    own = {pom: _EMBEDDED.sub(r"\1", pom) for pom in poms}
    fitting = [pom for pom, artifact in own.items() if jar.startswith((f"{artifact}-", f"{artifact}.", f"{artifact}_"))]
    return max(fitting, key=lambda pom: len(own[pom]), default="")


def _as_war(pom: str) -> str:
    plain = re.sub(r"<packaging>[^<]*</packaging>", "", pom, count=1)
    return re.sub(r"(<project\b[^>]*>)", r"\1<packaging>war</packaging>", plain, count=1)


def _fetch_needs(pom: str, name: str, folder: Path, settings: Settings) -> None:
    with TemporaryDirectory(prefix="workbench-maven-") as created:
        scratch = Path(created)
        (scratch / "pom.xml").write_text(pom, "utf-8")
        _run(name, scratch, settings)
        _keep(folder, {}, {path.name: path for path in scratch.glob("target/*/WEB-INF/lib/*.jar")})


def _file(wanted: Coordinates) -> str:
    classifier = f"-{wanted.classifier}" if wanted.classifier else ""
    return f"{wanted.artifact}-{wanted.version}{classifier}.{wanted.packaging}"


def _pom(wanted: Coordinates) -> str:
    """Of a project that needs it; what has a classifier is wanted alone."""
    more = f"<classifier>{escape(wanted.classifier)}</classifier>{_ALONE}" if wanted.classifier else ""
    return _POM.format(**{key: escape(text) for key, text in wanted._asdict().items()}, more=more)


def _fetch(wanted: Coordinates, folder: Path, settings: Settings) -> tuple[bool, list[str]]:
    """Gives whether the folder holds something else now, and what Maven could not ask."""
    with TemporaryDirectory(prefix="workbench-maven-") as name:
        scratch = Path(name)
        (scratch / "pom.xml").write_text(_pom(wanted))
        doubts = _run(wanted, scratch, settings)
        made = scratch / "target" / "fetched-1"
        found = {path.name: path for path in (made / "WEB-INF" / "lib").glob("*.jar")}
        if wanted.packaging == "pom":
            changed = _keep(folder, found, {})
        elif wanted.packaging == "war":
            shutil.rmtree(made / "META-INF", ignore_errors=True)  # of the project that was made to need it
            packed = shutil.make_archive(str(scratch / "packed"), "zip", made)
            changed = _keep(folder, {_file(wanted): Path(packed)}, {})
        else:
            changed = _keep(folder, {_file(wanted): _main(wanted, found)}, found)
    return changed, doubts


def _main(wanted: Coordinates, found: dict[str, Path]) -> Path:
    """Takes the jar that was named out of those that Maven found. Raises ArtifactError."""
    main = found.pop(_file(wanted), None) or next(
        (found.pop(key) for key in list(found) if key.startswith(f"{wanted.artifact}-{wanted.version[:-9]}")), None
    )
    if main is None:
        hint = "another packaging is named as in GROUP:ARTIFACT:war:VERSION"
        raise ArtifactError("Maven gave no such jar", where=str(wanted), hint=hint)
    return main


def _keep(folder: Path, main: Mapping[str, Path], needs: Mapping[str, Path]) -> bool:
    """The mark comes last: a copy that was interrupted is made again. What is the same stays, since runs read it; then
    False."""
    if _is_same(folder, main, needs):
        return False
    for name in ("*.jar", "*.war", NEEDS, f"{NEEDS}.ok"):
        for old in folder.glob(name):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    (folder / NEEDS).mkdir(parents=True)
    for name, path in main.items():
        shutil.copyfile(path, folder / name)
    for path in needs.values():
        shutil.copyfile(path, folder / NEEDS / path.name)
    (folder / f"{NEEDS}.ok").write_text("")
    return True


def _is_same(folder: Path, main: Mapping[str, Path], needs: Mapping[str, Path]) -> bool:
    wanted = {folder / name: path for name, path in main.items()}
    wanted |= {folder / NEEDS / path.name: path for path in needs.values()}
    held = {path for name in ("*.jar", "*.war", f"{NEEDS}/*.jar") for path in folder.glob(name)}
    whole = (folder / f"{NEEDS}.ok").is_file() and held == set(wanted)
    return whole and all(filecmp.cmp(old, new, shallow=False) for old, new in wanted.items())


_UNASKED: Final = re.compile(r"\[WARNING\] (Could not transfer (?:metadata|artifact) .*)")


def _run(wanted: object, scratch: Path, settings: Settings) -> list[str]:
    """Gives repositories that did not answer, where Maven went on with what it had. Raises ArtifactError."""
    program = shutil.which("mvn")
    if program is None:
        hint = "install Maven (it is run to resolve mirrors and credentials), or give the jar's path"
        raise ArtifactError("Maven is not there: no mvn on PATH", where=str(wanted), hint=hint)
    options = ["-s", str(Path(settings.maven_settings).expanduser())] if settings.maven_settings else []
    command = [program, "-B", "-U", *options, "-Dstyle.color=never", "-DfailOnMissingWebXml=false", _GOAL]
    with subprocess.Popen(
        command,
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(),
        text=True,
        errors="replace",
        start_new_session=True,  # so that what mvn starts ends with it
    ) as process:
        late = threading.Event()
        watch = threading.Timer(settings.maven_timeout_s, _end, (process, late))
        watch.start()
        try:
            said = _listen(process)
        except BaseException:
            _end(process, late)
            raise
        finally:
            watch.cancel()
    if late.is_set():
        hint = "is a repository slow or silent? the option maven_timeout sets how long to wait"
        raise ArtifactError(f"Maven did not end within {settings.maven_timeout}", where=str(wanted), hint=hint)
    if process.returncode:
        raise _refused(wanted, said)
    return list(dict.fromkeys(found[1] for found in _UNASKED.finditer(said)))


def _environment() -> dict[str, str]:
    """A run of seconds gains nothing by code optimised at length: it takes half the time without, unless the user has
    options of their own."""
    return {"MAVEN_OPTS": _QUICK, **java_environ()}


def _end(process: "subprocess.Popen[str]", late: threading.Event) -> None:
    if process.poll() is None:
        late.set()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _listen(process: "subprocess.Popen[str]") -> str:
    """All that Maven says; jars that arrive are told as progress."""
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line)
        arrived = re.search(r"Downloaded from (\S+): \S*/(\S+\.jar)\b", line)
        if arrived:
            progress.info("  %s from %s", arrived[2], arrived[1])
    process.wait()
    return "".join(lines)


_QUICK: Final = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_NOWHERE: Final = "no repository has it"
_REASONS: Final = (
    (r"status code: 40[13]|[Uu]nauthorized|[Ff]orbidden|authentication failed", "a repository refuses the credentials"),
    (r"offline mode", "Maven is offline, and its local repository does not have it"),
    (
        r"Unknown host|[Cc]onnection (?:refused|timed out)|No route to host|transfer failed",
        "a repository is unreachable",
    ),
    (r"Could not find artifact|was not found in|Failure to find", _NOWHERE),
)
_HINTS: Final = {
    "a repository refuses the credentials": "check <servers> in Maven's settings.xml",
    "Maven is offline, and its local repository does not have it": "take <offline> out of settings.xml",
    "a repository is unreachable": "check network, mirrors and proxies in Maven's settings.xml",
    _NOWHERE: "check the coordinates, and the repositories in Maven's settings.xml",
}


def _refused(wanted: object, said: str) -> ArtifactError:
    reason = next((text for pattern, text in _REASONS if re.search(pattern, said)), "Maven failed")
    first = next((line for line in said.splitlines() if line.startswith("[ERROR]")), said[-300:])
    detail = re.sub(r"\s*->\s*\[Help.*", "", first.removeprefix("[ERROR]").strip())
    detail = detail.rpartition("workbench:fetched:war:1: ")[2]
    hint = _HINTS.get(reason, "the option maven_settings names another settings.xml")
    return ArtifactError(f"{reason}: {detail}", where=str(wanted), hint=hint)
