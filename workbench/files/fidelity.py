"""What of a suite folder its model does not hold, so that writing the model elsewhere gives other files."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from workbench.files.contracts import contract_files, contract_text
from workbench.files.layout import (
    DATASET_SUFFIXES,
    DATASETS,
    INTERFACES,
    OWN_CONTRACT,
    SCENARIOS,
    SHARED,
    SUITE_FILE,
    TOOLS,
    suite_files,
)
from workbench.files.reader import read_file
from workbench.files.writer import suite_texts
from workbench.model.contract import Contract
from workbench.model.suite import Suite

_READ = {
    SCENARIOS: (".yaml",),
    SHARED: (".yaml",),
    DATASETS: DATASET_SUFFIXES,
    INTERFACES: (".json",),
    TOOLS: (".jar",),
}


def not_kept(folder: Path, suite: Suite, contracts: Mapping[str, Contract]) -> list[str]:
    """Files whose bytes differ from what `write_suite` and `write_contract` would write of the model, and in them each
    comment that would stand elsewhere, as `path:line: …`."""
    texts = suite_texts(suite)
    found: list[str] = []
    for kind, path in suite_files(folder):
        if path.read_bytes() == texts.get(path.relative_to(folder).as_posix(), "").encode():
            continue
        found.append(f"{path}: not in canonical form, in which it is kept; `workbench fmt` writes it so")
        document, _ = read_file(kind, path)
        found += [
            f"{path}:{line}: the comment '{comment}' moves before the scenario, case or step that it stands in"
            for line, comment in document.moved_comments
        ]
    return found + [
        f"{path}: not as `workbench generate` writes it; it is kept without its layout"
        for name, path in contract_files(folder).items()
        if path.read_bytes() != contract_text(contracts[name]).encode()
    ]


def strangers(folder: Path, known: set[Path]) -> Iterator[Path]:
    """Files in the folder and its parts that no suite is made of; hidden ones are passed over."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path in known or path.name in (SUITE_FILE, OWN_CONTRACT):
            continue
        if path.is_file():
            yield path
        elif path.name in _READ:
            yield from _strange_in(path, _READ[path.name], known)
        elif not any(path in other.parents for other in known):
            yield path


def _strange_in(folder: Path, suffixes: tuple[str, ...], known: set[Path]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path in known:
            continue
        if not path.is_file() or path.suffix.lower() not in suffixes:
            yield path
