"""Where the sample artifacts lie."""

import os
from pathlib import Path

from workbench.errors import SamplesError, UsageError
from workbench.invokers.java import find_java, java_release
from workbench.model.near import did_you_mean

_PACKAGE = Path(__file__).resolve().parent.parent
_BUILT = Path("bridge-java", "samples", "target", "dist")
_BUILD_HINT = "build them with `make samples`, or set WORKBENCH_SAMPLES_DIR to the folder that holds them"
# The one file without which nothing runs: a half-built folder is no samples folder.
_WITNESS = "workbench-registry.jar"


def samples_dir() -> Path:
    """The folder of the sample jars: WORKBENCH_SAMPLES_DIR, else the installed ones, else those of the source tree.

    Raises SamplesError, naming every place that was looked at.
    """
    named = os.environ.get("WORKBENCH_SAMPLES_DIR")
    places = [Path(named)] if named else [_PACKAGE / "_samples", _PACKAGE.parent / _BUILT]
    for place in places:
        if (place / _WITNESS).is_file():
            return place.resolve()
    looked = ", ".join(str(place) for place in places)
    raise SamplesError(f"no sample artifacts (looked for {_WITNESS} in {looked})", hint=_BUILD_HINT)


def sample_artifact(name: str) -> Path:
    """One sample file by its stable name, as order-api-1.0.0.jar.

    Raises UsageError when it is not there, SamplesError when none is.
    """
    folder = samples_dir()
    known = [each.name for each in folder.iterdir() if each.suffix in {".jar", ".war"}]
    if name not in known:  # a name with a path in it is no sample's
        hint = did_you_mean(name, known) or f"there are {', '.join(sorted(known))}"
        raise UsageError(f"no sample artifact {name}", where=str(folder), hint=hint)
    return folder / name


def runtime_jar() -> Path:
    """The jar that all providers share: Dubbo and what it needs."""
    return samples_dir() / "lib" / "sample-runtime.jar"


def runtime_archive() -> Path:
    """Where the archive of its classes lies when `make samples` made it (see samples_archive.py): beside what is
    packed, for an archive fits one Java and one machine."""
    return samples_dir().parent / f"sample-runtime-java{java_release(find_java())}.jsa"


def archive_options() -> list[str]:
    """JVM options that use it, when it is not older than the jar; the class path has to begin with the jar."""
    jar, archive = runtime_jar(), runtime_archive()
    fits = archive.is_file() and jar.is_file() and archive.stat().st_mtime >= jar.stat().st_mtime
    return [f"-XX:SharedArchiveFile={archive}"] if fits else []
