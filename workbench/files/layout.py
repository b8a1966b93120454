"""Where things stand in a suite folder and in its files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.errors import ErrorGroup, SuiteError, WorkbenchError

SUITE_FILE = "suite.yaml"
SCENARIOS = "scenarios"
SHARED = "shared"
DATASETS = "datasets"
TOOLS = "tools"
INTERFACES = "interfaces"
OWN_CONTRACT = "interfaces.json"
DATASET_SUFFIXES = (".xlsx", ".csv", ".json")
SCENARIO_STEPS = ("setup", "teardown")
CASE_STEPS = ("setup", "steps", "teardown")
Place = tuple[str | int, ...]


def is_item(kind: str, path: Place) -> bool:
    """Does the mapping at `path` of a "suite", "scenario" or "shared" file own the comments before and in it?"""
    if kind == "suite":
        connection = len(path) == 4 and path[0] == "environments" and path[2] == "connections"
        return (
            not path
            or connection
            or (len(path) == 2 and path[0] in ("environments", "dependencies", "causes", "case_groups"))
        )
    if kind == "shared":
        return len(path) == 1 or (len(path) == 3 and path[1] == "steps" and isinstance(path[2], int))
    if len(path) == 4:
        return path[0] == "cases" and path[2] in CASE_STEPS and isinstance(path[3], int)
    return not path or (len(path) == 2 and path[0] in ("cases", *SCENARIO_STEPS) and isinstance(path[1], int))


def steps_of(kind: str, data: Any, *, enabled: bool = False) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every step of a file's plain data with its path; what has not the right shape is passed over.

    `enabled`: without what is disabled, or stands in something that is.
    """
    if not isinstance(data, dict):
        return
    if kind == "shared":
        for name, group in data.items():
            yield from _listed(group, (name,), ("steps",), enabled)
    elif kind == "scenario":
        yield from _listed(data, (), SCENARIO_STEPS, enabled)
        for path, case in cases_of(data, enabled=enabled):
            yield from _listed(case, path, CASE_STEPS, enabled)


def cases_of(data: Any, *, enabled: bool = False) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every case of a scenario file's plain data with its path."""
    yield from _listed(data, (), ("cases",), enabled)


def _listed(data: Any, path: Place, keys: tuple[str, ...], enabled: bool) -> Iterator[tuple[Place, dict[str, Any]]]:
    if not isinstance(data, dict) or (enabled and data.get("disabled") is True):
        return
    for key in keys:
        items = data.get(key)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict) and not (enabled and item.get("disabled") is True):
                yield (*path, key, index), item


def suite_files(folder: Path) -> list[tuple[str, Path]]:
    """(kind, path) of the YAML files of a suite: suite.yaml, then scenarios and shared steps by name.

    Raises ErrorGroup when there is no suite.yaml, or a file that looks like one of them but is not read.
    """
    files, errors = find_suite_files(folder)
    if errors:
        raise ErrorGroup(errors)
    return files


def find_suite_files(folder: Path) -> tuple[list[tuple[str, Path]], list[WorkbenchError]]:
    """The same, with the errors of misplaced files as values. Raises ErrorGroup when there is no suite.yaml."""
    main = folder / SUITE_FILE
    if not main.is_file():
        raise ErrorGroup([SuiteError("there is no suite.yaml", where=str(folder), hint=_hint(folder))])
    files = [("suite", main)]
    errors: list[WorkbenchError] = []
    for kind, name in (("scenario", SCENARIOS), ("shared", SHARED)):
        for path in sorted((folder / name).rglob("*")):
            if path.suffix.lower() not in (".yml", ".yaml") or path.name.startswith("."):
                continue
            files.append((kind, path))
            errors += _misplaced(kind, path, folder / name)
    return files, errors


def _misplaced(kind: str, path: Path, parent: Path) -> list[SuiteError]:
    """A file that nobody would read is an error: its cases would be missing, and nothing would say so."""
    if path.suffix != ".yaml":
        return [SuiteError("this file is not read", where=str(path), hint=f"name it {path.stem}.yaml")]
    if path.parent != parent:
        return [SuiteError("this file is not read", where=str(path), hint=f"put it into {parent.name}/ itself")]
    if kind == "shared" and "." in path.stem:  # in `use: file.group` the file's name ends at the first dot
        return [SuiteError("a file of shared steps has no dot in its name", where=str(path), hint="use - or _")]
    return []


def dataset_files(folder: Path) -> dict[str, Path]:
    """Data files by name, without their endings. Raises ErrorGroup when two have one name."""
    found, errors = find_datasets(folder)
    if errors:
        raise ErrorGroup(errors)
    return found


def find_datasets(folder: Path) -> tuple[dict[str, Path], list[SuiteError]]:
    """The same, with the errors as values."""
    found: dict[str, Path] = {}
    errors: list[SuiteError] = []
    for path in sorted((folder / DATASETS).glob("*")):
        if path.suffix.lower() not in DATASET_SUFFIXES or path.name.startswith(("~$", ".")):  # Excel's lock files
            continue
        if path.stem in found:
            other = found[path.stem].name
            errors.append(SuiteError(f"the dataset {path.stem} is also in {other}", where=str(path), hint="rename one"))
        found.setdefault(path.stem, path)
    return found, errors


def yaml_files(folder: Path) -> list[Path]:
    """Those of scenarios and of shared steps."""
    return [path for part in (SCENARIOS, SHARED) for path in sorted((folder / part).glob("*.yaml"))]


def tool_files(folder: Path) -> list[Path]:
    return sorted((folder / TOOLS).glob("*.jar"))


def _hint(folder: Path) -> str:
    if not folder.exists():
        return "there is no such folder"
    if folder.is_file():
        return "name the folder, not a file in it"
    if (folder / "suite.yml").exists():
        return "name suite.yml suite.yaml"
    near = next(iter(sorted(folder.glob("*/suite.yaml"))), None) or next(
        (parent / SUITE_FILE for parent in folder.resolve().parents[:2] if (parent / SUITE_FILE).is_file()), None
    )
    return (
        f"there is one at {near}" if near else "a suite is a folder with a suite.yaml; `workbench generate` makes one"
    )
