"""Renews the generated parts of docs: the operators in assertions.md, the rules of comparing in contracts.md, the
routes in api.md."""

from pathlib import Path

from workbench_web.routes import all_routes

from workbench.catalog.diff import RULES
from workbench.expr import MATCHERS

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "assertions.md"
CONTRACTS = DOCS / "contracts.md"
API = DOCS / "api.md"
BEGIN, END = "<!-- operators: begin -->", "<!-- operators: end -->"


def table() -> str:
    rows = ["| operator | holds when | holds | does not hold |", "|---|---|---|---|"]
    for name, matcher in MATCHERS.items():
        spelling = f"`{matcher.symbol}` or `{name}`" if matcher.symbol else f"`{name}`"
        cells = (spelling, matcher.doc, f"`{matcher.example}`", f"`{matcher.counterexample}`")
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(rows)


def rules() -> str:
    """The table of docs/contracts.md."""
    head = ["| rule | change | for a consumer | why |", "|---|---|---|---|"]
    rows = [f"| `{rule.id}` | {rule.change} | **{rule.severity}** | {rule.why} |" for rule in RULES.values()]
    return "\n".join(head + rows)


def renewed(page: str) -> str:
    return _between(page, BEGIN, END, table())


def contracts_renewed(page: str) -> str:
    return _between(page, "<!-- rules: begin -->", "<!-- rules: end -->", rules())


def routes() -> str:
    """The table of docs/api.md."""
    rows = ["| | | right | |", "|---|---|---|---|"]
    for route in all_routes().routes:
        summary = (route.handler.__doc__ or "").partition("\n")[0]
        rows.append(f"| {route.method} | `{route.template.removeprefix('/api/v1')}` | {route.right} | {summary} |")
    return "\n".join(rows)


def api_renewed(page: str) -> str:
    return _between(page, "<!-- routes: begin -->", "<!-- routes: end -->", routes())


def _between(page: str, begin: str, end: str, text: str) -> str:
    head, _, rest = page.partition(begin)
    return f"{head}{begin}\n{text}\n{end}{rest.partition(end)[2]}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    CONTRACTS.write_text(contracts_renewed(CONTRACTS.read_text(encoding="utf-8")), encoding="utf-8")
    API.write_text(api_renewed(API.read_text(encoding="utf-8")), encoding="utf-8")
