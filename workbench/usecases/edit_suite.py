"""Changes to suites: what the editor, `fmt` and `generate` do with them."""

from pathlib import Path

from msgspec.structs import replace

from workbench.errors import SuiteError
from workbench.files import add_missing_ids, canonical, write_suite
from workbench.model.near import did_you_mean
from workbench.model.suite import Case, Scenario, Suite

__all__ = ["add_case", "add_missing_ids", "add_scenario", "save", "slug_of"]


def save(suite: Suite, folder: Path) -> Suite:
    """Write a suite in canonical form with all ids; gives what was written."""
    whole = canonical(add_missing_ids(suite))
    write_suite(whole, folder)
    return whole


def add_scenario(suite: Suite, scenario: Scenario, slug: str = "") -> Suite:
    """The suite with one more scenario, under `slug` or one made of its name; a slug that is taken gets a number."""
    base = slug or slug_of(scenario.scenario)
    free, number = base, 2
    while free in suite.scenarios:
        free, number = f"{base}-{number}", number + 1
    return replace(suite, scenarios={**suite.scenarios, free: scenario})


def add_case(suite: Suite, slug: str, case: Case) -> Suite:
    """The suite with one more case at the end of a scenario. Raises SuiteError for an unknown one."""
    scenario = suite.scenarios.get(slug)
    if scenario is None:
        raise SuiteError(f"there is no scenario {slug}", hint=did_you_mean(slug, suite.scenarios))
    changed = replace(scenario, cases=(*scenario.cases, case))
    return replace(suite, scenarios={**suite.scenarios, slug: changed})


def slug_of(name: str) -> str:
    """A file name out of a scenario's name: `Pay an order` → `pay-order`; letters of any script stay."""
    words = name.lower().split()
    kept = " ".join([word for word in words if word not in ("a", "an", "the")] or words)
    return "-".join("".join(char if char.isalnum() else " " for char in kept).split())[:80].strip("-") or "scenario"
