"""Artifacts by their Maven coordinates: `com.example:order-api:1.1.0`, fetched with what their types need.

Maven itself resolves them, so that mirrors, credentials and proxies of settings.xml hold. Outcomes are kept in
`<data dir>/maven/GROUP/ARTIFACT/VERSION/`: the jar, and in `needs/` what it depends on at compile and run time.
"""

import logging
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from workbench.errors import ArtifactError
from workbench.invokers.java import java_environ
from workbench.settings import Settings

NEEDS: Final = "needs"
Fetch = Callable[[str], list[Path]]
progress: Final = logging.getLogger("workbench.progress")
_WORD: Final = r"[A-Za-z0-9_][\w.\-]*"
_GAV: Final = re.compile(rf"(?P<group>{_WORD}):(?P<artifact>{_WORD}):(?P<version>{_WORD})")
# Copies a jar's runtime dependencies into WEB-INF/lib; the same release builds the samples.
_GOAL: Final = "org.apache.maven.plugins:maven-war-plugin:3.4.0:exploded"
_TIMEOUT_S: Final = 600
_POM: Final = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>workbench</groupId><artifactId>fetched</artifactId><version>1</version><packaging>war</packaging>
<properties><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
<dependencies><dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>
</dependency></dependencies></project>
"""


class Coordinates(NamedTuple):
    group: str
    artifact: str
    version: str

    def __str__(self) -> str:
        return ":".join(self)


def coordinates(text: str) -> Coordinates | None:
    """GROUP:ARTIFACT:VERSION; None for what is none."""
    found = _GAV.fullmatch(text)
    return Coordinates(**found.groupdict()) if found else None


def is_needed(path: Path) -> bool:
    """Whether a file is not what was named, but what that depends on."""
    return path.parent.name == NEEDS and (path.parent.parent / f"{NEEDS}.ok").is_file()


def fetcher(settings: Settings) -> Fetch:
    """A function from coordinates to files: the jar, then what it needs. Raises ArtifactError."""

    def fetch(text: str) -> list[Path]:
        wanted = coordinates(text)
        assert wanted is not None
        folder = (settings.data_dir / "maven").absolute().joinpath(*wanted)
        if not (folder / f"{NEEDS}.ok").is_file() or wanted.version.endswith("-SNAPSHOT"):
            progress.info("fetching %s with Maven", wanted)
            _fetch(wanted, folder, settings.maven_settings)
        return [folder / _jar(wanted), *sorted((folder / NEEDS).glob("*.jar"))]

    return fetch


def _jar(wanted: Coordinates) -> str:
    return f"{wanted.artifact}-{wanted.version}.jar"


def _fetch(wanted: Coordinates, folder: Path, maven_settings: str) -> None:
    with TemporaryDirectory(prefix="workbench-maven-") as name:
        scratch = Path(name)
        (scratch / "pom.xml").write_text(_POM.format(**{key: escape(text) for key, text in wanted._asdict().items()}))
        _run(wanted, scratch, maven_settings)
        found = {path.name: path for path in (scratch / "target" / "fetched-1" / "WEB-INF" / "lib").glob("*.jar")}
        main = found.pop(_jar(wanted), None) or next(
            (found.pop(key) for key in list(found) if key.startswith(f"{wanted.artifact}-{wanted.version[:-9]}")), None
        )
        if main is None:
            raise ArtifactError("Maven gave no such jar", where=str(wanted), hint="is its packaging jar?")
        _keep(folder, main, list(found.values()), _jar(wanted))


def _keep(folder: Path, main: Path, needs: list[Path], name: str) -> None:
    """The mark comes last: a copy that was interrupted is made again."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / NEEDS).mkdir(parents=True)
    shutil.copyfile(main, folder / name)
    for path in needs:
        shutil.copyfile(path, folder / NEEDS / path.name)
    (folder / f"{NEEDS}.ok").write_text("")


def _run(wanted: Coordinates, scratch: Path, maven_settings: str) -> None:
    program = shutil.which("mvn")
    if program is None:
        hint = "install Maven (it is run to resolve mirrors and credentials), or give the jar's path"
        raise ArtifactError("Maven is not there: no mvn on PATH", where=str(wanted), hint=hint)
    options = ["-s", str(Path(maven_settings).expanduser())] if maven_settings else []
    command = [program, "-B", "-U", *options, "-Dstyle.color=never", "-DfailOnMissingWebXml=false", _GOAL]
    with subprocess.Popen(
        command,
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=java_environ(),
        text=True,
        errors="replace",
    ) as process:
        try:
            said = _listen(process)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise _refused(wanted, said)


def _listen(process: "subprocess.Popen[str]") -> str:
    """All that Maven says; jars that arrive are told as progress."""
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line)
        arrived = re.search(r"Downloaded from (\S+): \S*/(\S+\.jar)\b", line)
        if arrived:
            progress.info("  %s from %s", arrived[2], arrived[1])
    process.wait(_TIMEOUT_S)
    return "".join(lines)


_REASONS: Final = (
    (r"status code: 40[13]|[Uu]nauthorized|[Ff]orbidden|authentication failed", "a repository refuses the credentials"),
    (r"offline mode", "Maven is offline, and its local repository does not have it"),
    (
        r"Unknown host|[Cc]onnection (?:refused|timed out)|No route to host|transfer failed",
        "a repository is unreachable",
    ),
    (r"Could not find artifact|was not found in|Failure to find", "no repository has it"),
)
_HINTS: Final = {
    "a repository refuses the credentials": "check <servers> in Maven's settings.xml",
    "Maven is offline, and its local repository does not have it": "take <offline> out of settings.xml",
    "a repository is unreachable": "check network, mirrors and proxies in Maven's settings.xml",
    "no repository has it": "check the coordinates, and the repositories in Maven's settings.xml",
}


def _refused(wanted: Coordinates, said: str) -> ArtifactError:
    reason = next((text for pattern, text in _REASONS if re.search(pattern, said)), "Maven failed")
    first = next((line for line in said.splitlines() if line.startswith("[ERROR]")), said[-300:])
    detail = re.sub(r"\s*->\s*\[Help.*", "", first.removeprefix("[ERROR]").strip())
    detail = detail.rpartition("workbench:fetched:war:1: ")[2]
    hint = _HINTS.get(reason, "the option maven_settings names another settings.xml")
    return ArtifactError(f"{reason}: {detail}", where=str(wanted), hint=hint)
