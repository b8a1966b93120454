"""Which case runs next: scenarios are lanes of items, opened by their setup and closed by their teardown."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from workbench.engine.compiled import CompiledScenario
from workbench.model.json import Json
from workbench.model.plan import Item
from workbench.model.result import Failure


@dataclass(slots=True)
class Lane:
    """A scenario with what is left of it."""

    scenario: CompiledScenario
    items: deque[Item] = field(default_factory=deque)
    running: int = 0
    open: bool = False  # setup is done
    entered: bool = False  # before and setup were begun, so that teardown and after are owed
    context: dict[str, Json] = field(default_factory=dict)  # what setup (and serial cases) wrote
    removed: set[str] = field(default_factory=set)  # keys that they took away, whoever wrote them
    failure: Failure | None = None  # of the setup: every case ends with it

    @property
    def serial(self) -> bool:
        return self.scenario.plan.serial

    def keep(self, context: Mapping[str, Json], written: Iterable[str]) -> None:
        """What the setup or a serial case did to the context holds for those that come later."""
        for key in written:
            if key in context:
                self.context[key] = context[key]
                self.removed.discard(key)
            else:
                self.context.pop(key, None)
                self.removed.add(key)

    def seen(self, given: Mapping[str, Json]) -> dict[str, Json]:
        """The context that a case begins with: what the run was given, changed by the scenario."""
        context = {**given, **self.context}
        for key in self.removed:
            context.pop(key, None)
        return context

    @property
    def ready(self) -> bool:
        return bool(self.items) and not (self.serial and self.running)


class Job(NamedTuple):
    lane: Lane
    item: Item | None  # None: run the lane's setup


class Lanes:
    """Hands out jobs to any number of workers on one event loop."""

    def __init__(self, lanes: Iterable[Lane]) -> None:
        self._new = deque(lane for lane in lanes if lane.items)
        self._open: list[Lane] = []
        self._unfinished = len(self._new)
        self._changed = asyncio.Event()

    async def next(self) -> Job | None:
        """The next job; None when everything is done."""
        while self._unfinished:
            job = self._take()
            if job is not None:
                return job
            self._changed.clear()
            await self._changed.wait()
        return None

    def opened(self, lane: Lane) -> None:
        lane.open = True
        lane.running -= 1
        self._open.append(lane)
        self._changed.set()

    def ended(self, lane: Lane) -> Literal["more", "last"]:
        """Told after each case; "last" obliges the caller to run the teardown and then call `closed`."""
        lane.running -= 1
        if lane.items or lane.running:
            if lane.serial:
                self._changed.set()
            return "more"
        self._open.remove(lane)
        return "last"

    def closed(self) -> None:
        self._unfinished -= 1
        self._changed.set()

    def _take(self) -> Job | None:
        for lane in self._open:
            if lane.ready:
                lane.running += 1
                return Job(lane, lane.items.popleft())
        if not self._new:
            return None
        lane = self._new.popleft()
        lane.running += 1
        return Job(lane, None)


def lanes_of(scenarios: Mapping[str, CompiledScenario], order: Iterable[tuple[str, Item]]) -> list[Lane]:
    """One lane a scenario, items in their order."""
    lanes = {key: Lane(scenario) for key, scenario in scenarios.items()}
    for scenario, item in order:
        lanes[scenario].items.append(item)
    return list(lanes.values())
