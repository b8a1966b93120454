"""How fast suites go into the database, on SQLite: an installation of 16,271 cases in 247 subsystems.

    python benchmarks/storage.py [--subsystems N]

Folders are written first, with three steps a case; then each is imported, imported again unchanged, and one of 5,000
cases gets a new version. Wall time, with the CPU time next to it; best of several rounds where a round changes nothing.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from workbench.files import read_suite, write_suite
from workbench.model.suite import Case, DubboStep, Scenario, Suite, SuiteFile
from workbench.storage import Author, Snapshot, Storage
from workbench.usecases.export_suite import export_suite
from workbench.usecases.import_suite import import_suite

SUBSYSTEMS, CASES = 247, 16_271
LARGE, LIMIT_S = 5_000, 1.0
ROUNDS = 5
BENCH = Author("bench")
REQUEST = '[{"buyerId": "${row.buyerId}", "amount": 5000000000.10, "labels": {"channel": ["demo", "x"]}}]\n'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subsystems", type=int, default=SUBSYSTEMS)
    count = parser.parse_args().subsystems
    sizes = [CASES // SUBSYSTEMS + (number < CASES % SUBSYSTEMS) for number in range(count)]
    with tempfile.TemporaryDirectory() as name, Storage(f"sqlite:///{name}/w.db", Path(name) / "files") as storage:
        folders = [_folder(Path(name), f"sub{number}", size) for number, size in enumerate(sizes)]
        _show(f"import of {sum(sizes)} cases in {count} folders", lambda: _import(folders, storage), 1)
        _show("of it, reading and checking the folders", lambda: list(map(read_suite, folders)), 1)
        _show("the same folders again, unchanged", lambda: _import(folders, storage), 1)
        _show("export of one subsystem", lambda: _export(storage, Path(name)))
        _show("list of all versions", storage.suites.versions)
        _large(storage)
        size = sum(path.stat().st_size for path in Path(name).glob("w.db*"))
        print(f"the database: {size / 1e6:.0f} MB")


def _large(storage: Storage) -> None:
    suite = _suite("large", LARGE)
    _show(f"a suite of {LARGE} cases, from the model", lambda: storage.suites.put(Snapshot(suite), BENCH), 1)
    numbers = iter(range(ROUNDS))
    best = _show(
        f"a new version of {LARGE} cases", lambda: storage.suites.new_version("large", "1", f"n{next(numbers)}", BENCH)
    )
    print(f"  limit {LIMIT_S} s: {'kept' if best < LIMIT_S else 'MISSED'} ({best / LIMIT_S:.2f} of it)")
    _show(f"a version of {LARGE} cases, read", lambda: storage.suites.get("large", "n0"))


def _suite(subsystem: str, cases: int) -> Suite:
    scenario = Scenario(
        id=f"{subsystem}s", scenario="all", cases=tuple(_case(subsystem, each) for each in range(cases))
    )
    return Suite(file=SuiteFile(suite=subsystem, subsystem=subsystem, version="1"), scenarios={"all": scenario})


def _case(subsystem: str, number: int) -> Case:
    steps = tuple(
        DubboStep(
            id=f"{subsystem}{number}x{step}",
            step=f"step {step}",
            dubbo="com.example.order.BizOrderAiFacade#bizOrder(com.example.order.BizOrderRequest)",
            request=REQUEST,
            assert_='response.code == "0000"\nresponse.data.amount == 5000000000.10\n',
        )
        for step in range(3)
    )
    return Case(id=f"{subsystem}c{number}", case=f"case {number}", tags=("smoke",), steps=steps)


def _folder(root: Path, subsystem: str, cases: int) -> Path:
    write_suite(_suite(subsystem, cases), root / subsystem)
    return root / subsystem


def _import(folders: list[Path], storage: Storage) -> None:
    for folder in folders:
        import_suite(folder, storage, BENCH)


def _export(storage: Storage, root: Path) -> None:
    export_suite("sub0", storage, root / "out", replace=True)


def _show(what: str, work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Prints and gives the best wall time, in seconds."""
    times = []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    wall, cpu = min(times)
    print(f"{what:48} {wall:8.3f} s (CPU {cpu:.3f})", flush=True)
    return wall


if __name__ == "__main__":
    main()
