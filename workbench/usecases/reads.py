"""What a copied case or step reads by name (config keys, columns of the row, other steps) and does not find where it
stands now. Warnings: a script may make names that nobody can see."""

import re
from collections.abc import Iterable, Iterator

from workbench.model import json
from workbench.model.suite import Case, Scenario
from workbench.storage import Snapshot
from workbench.usecases.arrange import Item
from workbench.usecases.references import steps_of

_CONFIG = re.compile(r"(?<![\w.])config\.([A-Za-z_]\w*)|getConfig\(\s*\\?[\"']([^\"'\\]+)")
_ROW = re.compile(r"(?<![\w.])row\.([^\W\d]\w*)|getRow\(\s*\\?[\"']([^\"'\\]+)")
_STEPS = re.compile(r"(?<![\w.])steps(?:\.([A-Za-z_]\w*)|\[\\?[\"']([^\"'\\]+)\\?[\"']\])")


def not_found(item: Item, there: Snapshot) -> list[str]:
    """Each name that `item`, which is a part of `there`, reads and that is not there."""
    told: dict[str, None] = {}
    for scenario, case in _where(item, there):
        text = json.dumps(case if isinstance(item, Scenario) else item)
        told |= dict.fromkeys(_missing(text, scenario, case, there))
    return list(told)


def _where(item: Item, there: Snapshot) -> Iterator[tuple[Scenario, Case]]:
    for scenario in there.suite.scenarios.values():
        for case in scenario.cases:
            if item in (scenario, case) or any(step.id == item.id for step in steps_of(case)):
                yield scenario, case


def _missing(text: str, scenario: Scenario, case: Case, there: Snapshot) -> Iterator[str]:
    file = there.suite.file
    known = {*file.config, *(key for each in file.environments.values() for key in each.config)}
    yield from (f"no environment has the config key {name}" for name in _names(_CONFIG, text) if name not in known)
    data = there.datasets.get(case.dataset)
    for name in _names(_ROW, text):
        if not case.dataset:
            yield f"{case.id} reads the column {name}, and has no dataset"
        elif data and data.table and name not in {column.name for column in data.table.columns}:
            yield f"the dataset {case.dataset} has no column {name}"
    steps = {name for each in (*steps_of(scenario), *steps_of(case)) for name in (each.id, each.step)}
    yield from (f"{case.id} has no step {name}" for name in _names(_STEPS, text) if name not in steps)


def _names(pattern: re.Pattern[str], text: str) -> Iterable[str]:
    return dict.fromkeys(found[1] or found[2] for found in pattern.finditer(text))
