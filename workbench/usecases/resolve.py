"""Names that stand for something on this machine: `samples://` registries and artifacts, relative paths."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.errors import ArtifactError, SamplesError, UsageError
from workbench.model.addresses import ZOOKEEPER
from workbench.settings import Settings
from workbench.usecases.maven import Fetch, coordinates, fetcher

SAMPLES = "samples://"
REGISTRIES = "write zookeeper://HOST:PORT[,HOST:PORT][/ROOT], samples://, or the path of a file with provider URLs"
_HOSTS = re.compile(r"(\[[^\]\s]+\]|[\w.-]+):\d{1,5}(,(\[[^\]\s]+\]|[\w.-]+):\d{1,5})*(/[^\s?]*)?")


def registry_address(text: str, data_dir: Path) -> str:
    """The address with its scheme; for `samples://` the registry that `workbench samples up` started.

    Files stay as they are. Raises UsageError for what is neither, SamplesError.
    """
    if not text.startswith(SAMPLES):
        return _with_scheme(text)
    if text != SAMPLES:
        raise UsageError("the registry of the samples has no parts", where=text, hint=f"write {SAMPLES} alone")
    from workbench.usecases.samples import SampleWorld  # only who uses the samples pays for them

    world = SampleWorld(data_dir).status()
    if world is None or not world.ready or not world["registry"].alive:
        raise SamplesError("the sample world is not running", where=text, hint="start it with: workbench samples up")
    return world.registry


def _with_scheme(text: str) -> str:
    if "://" in text or Path(text).is_file():
        return text
    if _HOSTS.fullmatch(text):
        return f"{ZOOKEEPER}{text}"
    raise UsageError("is neither the address of a registry nor a file", where=text or "''", hint=REGISTRIES)


def artifact_path(text: str, base: Path) -> Path:
    """An existing file: `samples://NAME`, an absolute path, or one relative to `base`. Raises ArtifactError."""
    if text.startswith(SAMPLES):
        from workbench.usecases.samples_files import sample_artifact

        return sample_artifact(text.removeprefix(SAMPLES))
    path = resolved(base / text)
    check_file(path, text)
    return path


def resolved(path: Path) -> Path:
    """Absolute, without `..`; a link keeps its own name, as `latest.jar` is what a person means to name."""
    whole = path.absolute()
    return whole.parent.resolve() / whole.name


def artifact_paths(texts: Iterable[str], fetch: Fetch | None = None, *, base: Path | None = None) -> list[Path]:
    """Artifacts relative to `base` (the current folder when None), or by their Maven coordinates, where `fetch` is
    given: each with what it needs. Raises ArtifactError."""
    folder = base or Path.cwd()
    return [path for text in texts for path in _files(text, folder, fetch)]


def _files(text: str, base: Path, fetch: Fetch | None) -> list[Path]:
    if fetch is not None and coordinates(text) and not (base / text).exists():
        return fetch(text)
    path = artifact_path(text, base)
    if fetch is None or text.startswith(SAMPLES):  # what a sample's pom names stands in no repository
        return [path]
    return [path, *fetch.needs(path)]


def source_paths(
    texts: Sequence[str], artifacts: Iterable[str], settings: Settings, *, base: Path | None = None
) -> list[Path]:
    """Sources jars, relative to `base` or by coordinates; when none is named, those of artifacts by coordinates."""
    if texts:
        return artifact_paths(texts, fetcher(settings, sources=True), base=base)
    folder = base or Path.cwd()
    return fetcher(settings).sources(text for text in artifacts if not (folder / text).exists())


def check_file(path: Path, where: str) -> None:
    """Raises ArtifactError unless it is a file; pipes and devices are none, as archives are read from their end."""
    if path.is_file():
        return
    if path.is_dir():
        raise ArtifactError("is a folder", where=where or ".", hint="give the jar or war that is built from it")
    if path.exists():
        raise ArtifactError("is no regular file", where=where, hint="write it to a file first, and give that")
    raise ArtifactError("there is no such file", where=where, hint="" if where == str(path) else f"looked at {path}")
