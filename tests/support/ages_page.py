"""docs/compatibility.md, made of what the compatibility tests saw."""

import os
from collections.abc import Sequence
from pathlib import Path

from ages import RELEASES
from ages_checks import CHECKS, Row, checks_of

PAGE = Path(__file__).parents[2] / "docs" / "compatibility.md"
BEGIN, END = "<!-- matrix: begin -->", "<!-- matrix: end -->"
MODES = ("typed", "generic")


class Seen:
    """The limits that each cell has met, one a check that did not hold; a cell that is not there was not seen."""

    def __init__(self) -> None:
        self.cells: dict[tuple[Row, str], list[str]] = {}

    def note(self, row: Row, mode: str, limits: list[str]) -> None:
        self.cells[row, mode] = limits


def matrix(seen: Seen, rows: Sequence[Row]) -> str:
    """Two tables: the cells, with the numbers of their limits, and what was checked in each."""
    limits = list(dict.fromkeys(limit for row in rows for mode in MODES for limit in seen.cells[row, mode]))
    lines = ["| protocol | serialization | Dubbo | registered by | typed | generic |", "|---|---|---|---|---|---|"]
    for row in rows:
        cells = [_cell(row, seen.cells[row, mode], limits) for mode in MODES]
        lines.append(f"| {' | '.join((*row[:2], RELEASES[row.release], row.level, *cells))} |")
    lines += ["", "Limits:", "", *(f"{number}. {limit}" for number, limit in enumerate(limits, 1))]
    lines += ["", "Checked in each cell:", "", *(f"- {check.name}: {check.says}" for check in CHECKS)]
    return "\n".join(lines)


def _cell(row: Row, met: Sequence[str], limits: Sequence[str]) -> str:
    numbers = ", ".join(str(limits.index(limit) + 1) for limit in dict.fromkeys(met))
    works = "works" if len(met) < len(checks_of(row)) else "refused"
    return f"{works}; limits {numbers}" if numbers else works


def check_page(seen: Seen, rows: Sequence[Row]) -> None:
    """The page says what was seen, of all rows; with RENEW_DOCS set it is written."""
    cells = [(row, mode) for row in rows for mode in MODES]
    unseen = [f"{'-'.join(row)} ({mode})" for row, mode in cells if (row, mode) not in seen.cells]
    assert not unseen, f"not seen, as their tests failed or did not run in this process: {', '.join(unseen)}"
    page = PAGE.read_text("utf-8")
    head, _, rest = page.partition(BEGIN)
    renewed = f"{head}{BEGIN}\n{matrix(seen, rows)}\n{END}{rest.partition(END)[2]}"
    if os.environ.get("RENEW_DOCS"):
        PAGE.write_text(renewed, "utf-8")
    else:
        assert page == renewed, "docs/compatibility.md is out of date: RENEW_DOCS=1 make test-matrix"
