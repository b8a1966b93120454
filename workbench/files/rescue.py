"""The plan of a run folder whose plan.json is lost, out of what happened: enough to report it."""

from workbench.errors import JsonError
from workbench.files.runs import RunFolder
from workbench.model.events import AnyEvent, CaseFinished, CaseStarted, RunStarted, ScenarioFinished
from workbench.model.plan import Item, PlannedCase, PlannedScenario, RunPlan
from workbench.model.suite import Case


def plan_or_rescued(folder: RunFolder) -> RunPlan:
    """The plan; of a file that is missing, empty or cut, what the events tell of it, marked as `rescued`.

    Cases that did not start are in no event, so they are missing. Raises JsonError when there are no events either.
    """
    try:
        return folder.plan()
    except JsonError:
        rescue = _Rescue(folder.path.name)
        for event in folder.events():
            rescue.take(event)
        if not rescue.created_us:
            raise
        return rescue.plan()


class _Rescue:
    def __init__(self, run: str) -> None:
        self._started = RunStarted(at_us=0, run=run, suite="")
        self._scenarios: dict[str, str] = {}
        self._cases: dict[str, PlannedCase] = {}
        self._items: dict[str, Item] = {}
        self.created_us = 0  # of the first event

    def take(self, event: AnyEvent) -> None:
        self.created_us = self.created_us or event.at_us
        if isinstance(event, RunStarted):
            self._started = event
        elif isinstance(event, CaseStarted):
            self._case(event.item, event.case, event.scenario, event.name)
        elif isinstance(event, CaseFinished):
            result = event.result
            self._case(result.item, result.case, result.scenario, result.name)
        elif isinstance(event, ScenarioFinished):
            self._scenarios[event.scenario] = event.name or event.scenario

    def _case(self, item: str, case: str, scenario: str, name: str) -> None:
        self._scenarios.setdefault(scenario, scenario)
        self._cases.setdefault(case, PlannedCase(scenario=scenario, case=Case(id=case, case=name)))
        row = item.removeprefix(f"{case}#")
        self._items[item] = Item(case, int(row) - 1 if row.isdecimal() and row != item else -1)

    def plan(self) -> RunPlan:
        started = self._started
        return RunPlan(
            id=started.run,
            created_us=self.created_us,
            suite=started.suite,
            subsystem=started.subsystem,
            version=started.version,
            environment=started.environment,
            scenarios=tuple(PlannedScenario(id=key, name=name) for key, name in self._scenarios.items()),
            cases=tuple(self._cases.values()),
            items=tuple(self._items.values()),
            rescued=True,
        )
