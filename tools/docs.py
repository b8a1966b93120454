"""Renews the generated part of docs/assertions.md: the table of operators, from workbench.expr.MATCHERS."""

from pathlib import Path

from workbench.expr import MATCHERS

PAGE = Path(__file__).parent.parent / "docs" / "assertions.md"
BEGIN, END = "<!-- operators: begin -->", "<!-- operators: end -->"


def table() -> str:
    rows = ["| operator | holds when | holds | does not hold |", "|---|---|---|---|"]
    for name, matcher in MATCHERS.items():
        spelling = f"`{matcher.symbol}` or `{name}`" if matcher.symbol else f"`{name}`"
        cells = (spelling, matcher.doc, f"`{matcher.example}`", f"`{matcher.counterexample}`")
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(rows)


def renewed(page: str) -> str:
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
