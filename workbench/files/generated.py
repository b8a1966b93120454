"""generated.json: the methods for which `workbench generate` found or made a case, so that one which a person deleted
stays deleted. One a line, sorted, for git; a line that is taken out lets its case be made again."""

from collections.abc import Iterable
from pathlib import Path

from workbench.errors import SuiteError
from workbench.files.atomic import write_text
from workbench.model import json

GENERATED = "generated.json"


def read_generated(folder: Path) -> frozenset[str]:
    """Empty where there is no such file. Raises SuiteError for one that is no list of texts, JsonError."""
    path = folder / GENERATED
    if not path.is_file():
        return frozenset()
    value = json.loads(path.read_bytes(), where=str(path))
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise SuiteError("it must be a list of methods", where=str(path), hint="delete it: the next generate makes it")
    return frozenset(value)


def write_generated(folder: Path, methods: Iterable[str]) -> None:
    write_text(folder / GENERATED, json.pretty(sorted(methods)) + "\n")
