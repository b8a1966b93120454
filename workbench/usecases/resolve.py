"""Names that stand for something on this machine: `samples://` registries and artifacts, relative paths."""

from pathlib import Path

from workbench.errors import SuiteError, UsageError

SAMPLES = "samples://"


def registry_address(text: str, data_dir: Path) -> str:
    """A registry address with `samples://` replaced by the registry that `workbench samples up` started."""
    if not text.startswith(SAMPLES):
        return text
    from workbench.usecases.samples import SampleWorld  # only who uses the samples pays for them

    world = SampleWorld(data_dir).status()
    if world is None or not world["registry"].alive:
        raise UsageError("the sample world is not running", where=text, hint="start it with: workbench samples up")
    return world.registry


def artifact_path(text: str, base: Path) -> Path:
    """An existing file: `samples://NAME`, an absolute path, or one relative to `base`."""
    if text.startswith(SAMPLES):
        from workbench.usecases.samples import sample_artifact

        path = sample_artifact(text.removeprefix(SAMPLES))
    else:
        path = (base / text).resolve()
    if not path.is_file():
        raise SuiteError(f"there is no file {path.name}", where=text, hint=f"looked for it at {path}")
    return path
