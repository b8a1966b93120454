"""A whole run: compiles the plan, opens and closes scenarios, runs items on `concurrency` workers, sums up."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterator

from workbench.engine.case import CaseRun, Tally, bounded, run_after, run_before, without_steps
from workbench.engine.compile_case import compile_case, compile_scenario
from workbench.engine.compiled import CompiledCase, Scope
from workbench.engine.control import RunControl
from workbench.engine.judge import verdict_of
from workbench.engine.labels import labelled
from workbench.engine.lanes import Job, Lane, Lanes, lanes_of
from workbench.engine.masking import Masking, masked
from workbench.engine.ports import Sink, Tools
from workbench.engine.state import CaseState, RunState, now_us, ticks
from workbench.engine.threads import ScriptThreads
from workbench.model.durations import millis
from workbench.model.events import (
    AnyEvent,
    CaseFinished,
    CaseStarted,
    RunFinished,
    RunStarted,
    ScenarioFinished,
    StepFinished,
)
from workbench.model.plan import Item, RunPlan
from workbench.model.result import (
    CaseResult,
    Cause,
    Counts,
    Failure,
    RunSummary,
    Side,
    Times,
    Verdict,
    total_times,
    worst,
)
from workbench.model.sentences import inside_setup

_BLOCKING = (Side.ENVIRONMENT, Side.WORKBENCH)
_COUNTED = frozenset({"setup", "steps", "teardown"})
_BEAT_S = 1.0
_ADDED_AT_ONCE = 64  # times of cases


async def run(plan: RunPlan, tools: Tools, sink: Sink, control: RunControl | None = None) -> RunSummary:
    """Run a plan to its end; every event goes to `sink` in order, RunFinished last.

    Returns when nothing of the run is left: no task, no thread. Invokers stay open, they belong to the caller.
    """
    return await _Run(plan, tools, sink, control or RunControl()).run()


class _Run:
    def __init__(self, plan: RunPlan, tools: Tools, sink: Sink, control: RunControl) -> None:
        self._plan = plan
        self._totals = _Totals()
        loop = asyncio.get_running_loop()
        config = {key: tools.open_secret(value) for key, value in plan.config.items()}
        secrets = [config[key] for key in plan.secrets if key in config]
        masking = masked(sink, secrets, plan.mask)
        self._outlet = _Outlet(labelled(masking, plan.causes), control)
        self._state = RunState(
            plan=plan,
            tools=tools,
            sink=self._totals.watching(self._outlet),
            control=control,
            threads=ScriptThreads(plan.concurrency),
            loop=loop,
            config=config,
            environment={"name": plan.environment, "timezone": plan.timezone},
            hook_s=millis(plan.defaults.hook) / 1000,
            stopping=asyncio.Event(),
            invokers={**tools.invokers, **{kind: make() for kind, make in tools.run_bound.items()}},
            learn=masking.learn if plan.mask and isinstance(masking, Masking) else None,
        )
        self._side_s = millis(plan.defaults.case) / 1000  # of a scenario's before side, and again of its after side
        self._cases = {each.case.id: compile_case(plan, each, tools.scripts) for each in plan.cases}
        self._state.writers = {key: case.case.case for case in self._cases.values() for key in case.uses.writes}
        self._running: set[CaseState] = set()

    async def run(self) -> RunSummary:
        plan, state = self._plan, self._state
        began = ticks()
        state.sink(
            RunStarted(
                at_us=now_us(),
                run=plan.id,
                suite=plan.suite,
                subsystem=plan.subsystem,
                version=plan.version,
                environment=plan.environment,
                items=len(plan.items),
            )
        )
        started = now_us()
        watch = _StopWatch(state, self._cut, self._running)
        try:
            await self._work()
        finally:
            watch.close()
            await state.threads.close()
            for kind in state.tools.run_bound:
                await state.invokers[kind].close()
        await asyncio.sleep(0)  # log lines handed over by script threads come before the end
        summary = self._totals.summary(started, (ticks() - began) // 1000)
        state.sink(RunFinished(at_us=now_us(), run=plan.id, summary=summary))
        if self._outlet.error is not None:
            raise self._outlet.error
        return summary

    async def _work(self) -> None:
        scenarios = {
            each.id: compile_scenario(self._plan, each, self._state.tools.scripts) for each in self._plan.scenarios
        }
        order = ((self._cases[item.case].scenario, item) for item in self._plan.items)
        lanes = Lanes(lanes_of(scenarios, order))
        workers = max(1, min(self._plan.concurrency, len(self._plan.items)))
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(self._worker(lanes))

    async def _worker(self, lanes: Lanes) -> None:
        while (job := await lanes.next()) is not None:
            if job.item is None:
                await self._open(job.lane)
                lanes.opened(job.lane)
                continue
            await self._item(job, job.item)
            if lanes.ended(job.lane) == "last":
                await self._close(job.lane)
                lanes.closed()

    async def _item(self, job: Job, item: Item) -> None:
        compiled, lane = self._cases[item.case], job.lane
        if self._state.control.stopped:
            self._not_run(compiled, item, Failure(Cause.STOPPED, self._state.control.reason))
            return
        if lane.failure is not None:
            self._not_run(compiled, item, lane.failure)
            return
        state = self._case_state(compiled, item, lane)
        self._running.add(state)  # by hand: a context manager made of a generator costs more than the rest of this
        try:
            await CaseRun(compiled, item, state).run()
        finally:
            self._running.discard(state)
        if lane.serial:
            lane.keep(state.context, state.written)

    @contextlib.contextmanager
    def _cuttable(self, state: CaseState) -> Iterator[None]:
        self._running.add(state)
        try:
            yield
        finally:
            self._running.discard(state)

    def _case_state(self, compiled: CompiledCase, item: Item, lane: Lane) -> CaseState:
        row = self._plan.datasets[compiled.case.dataset].rows[item.row] if item.row >= 0 else {}
        context = lane.seen({**self._plan.context, **self._plan.contexts.get(item.id, {})})
        scope = self._scope(context, row)
        return CaseState(self._state, item.id, scope, context, compiled.keeps_steps)

    def _scope(self, context: Scope, row: Scope) -> Scope:
        return {
            "ctx": context,
            "row": row,
            "config": self._state.config,
            "env": self._state.environment,
            "param": {},
            "steps": {},
            "fn": self._state.tools.functions,
        }

    async def _open(self, lane: Lane) -> None:
        """The scenario's before and setup, once; a failure there fails every case of the scenario."""
        lane.failure = lane.scenario.failure
        hooks = lane.scenario.hooks
        if hooks.empty or lane.failure is not None or self._state.control.stopped:
            return
        tally, state = Tally(), self._scenario_state(lane)
        lane.entered = True
        with self._cuttable(state):
            await bounded(state, self._side_s, tally, run_before(hooks, state, tally))
        lane.keep(state.context, state.written)
        if tally.bad is not None and tally.bad.failure is not None:
            lane.failure = inside_setup(tally.bad.failure)

    async def _close(self, lane: Lane) -> None:
        """The scenario's teardown and after, once; a failure there belongs to no case, but to the run."""
        plan, failure, step = lane.scenario.plan, None, ""
        if lane.entered:
            failure, step = await self._after(lane)
        self._state.sink(
            ScenarioFinished(
                at_us=now_us(),
                scenario=plan.id,
                name=plan.name,
                verdict=verdict_of(failure),
                failure=failure,
                failed_step=step,
            )
        )

    async def _after(self, lane: Lane) -> tuple[Failure | None, str]:
        """What went wrong, and in which step."""
        tally, state = Tally(), self._scenario_state(lane)
        with self._cuttable(state):
            whole = await bounded(state, self._side_s, tally, run_after(lane.scenario.hooks, state, tally))
        if tally.bad is not None:
            return tally.bad.failure, tally.bad.id
        return (None if whole else state.cut_failure()), ""

    def _scenario_state(self, lane: Lane) -> CaseState:
        context = lane.seen(self._plan.context)
        return CaseState(self._state, lane.scenario.plan.id, self._scope(context, {}), context, keeps_steps=True)

    def _not_run(self, compiled: CompiledCase, item: Item, failure: Failure) -> None:
        """A case that never started: the run was stopped before, or its scenario could not be set up."""
        case = compiled.case
        now = now_us()
        self._state.sink(CaseStarted(at_us=now, item=item.id, case=case.id, scenario=compiled.scenario, name=case.case))
        result = without_steps(self._plan, compiled, item, failure, now)
        self._state.sink(CaseFinished(at_us=now, result=result))

    def _cut(self) -> None:
        """When the grace time is over the after sides may still end in peace; a further stop cuts them too."""
        for state in self._running:
            if self._state.control.hard or not state.after_side:
                state.cut()


class _StopWatch:
    """Ends the run at its time limit, cases at their long ones, and what is under way when a stop's grace is over."""

    def __init__(self, state: RunState, cut: Callable[[], None], running: set[CaseState]) -> None:
        self._state, self._control, self._loop, self._cut = state, state.control, state.loop, cut
        self._running = running
        limit_s = millis(state.plan.defaults.run) / 1000
        self._handles = [self._loop.call_later(limit_s, self._control.stop, "the run reached its time limit")]
        self._beat = self._loop.call_later(_BEAT_S, self._look)
        self._control.on_stop(self._wake)

    def _look(self) -> None:
        now = self._loop.time()
        for case in self._running:
            if case.deadline is not None and case.deadline <= now:
                case.cut()
        self._beat = self._loop.call_later(_BEAT_S, self._look)

    def _wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the run has ended meanwhile, and its loop with it
            self._loop.call_soon_threadsafe(self._stopped)

    def _stopped(self) -> None:
        self._state.stopping.set()
        delay = 0.0 if self._control.hard else self._control.grace_s
        self._handles.append(self._loop.call_later(delay, self._cut))

    def close(self) -> None:
        self._control.forget(self._wake)
        for handle in (*self._handles, self._beat):
            handle.cancel()


class _Outlet:
    """The sink of the caller. Should it fail (a full disk), the run is stopped in good order and raises the error."""

    def __init__(self, sink: Sink, control: RunControl) -> None:
        self._sink, self._control = sink, control
        self.error: Exception | None = None

    def __call__(self, event: AnyEvent) -> None:
        if self.error is not None:
            return
        try:
            self._sink(event)
        except Exception as error:  # raised again when teardown and after are through
            self.error = error
            self._control.stop(f"the results cannot be kept: {error}")


class _Totals:
    """Counts results on their way to the sink."""

    def __init__(self) -> None:
        self._cases: Counter[Verdict] = Counter()
        self._steps: Counter[Verdict] = Counter()
        self._teardowns: Counter[Verdict] = Counter()
        self._times: list[Times] = []
        self._judged = False  # some case got as far as an answer

    def watching(self, sink: Sink) -> Sink:
        steps = self._steps

        def watched(event: AnyEvent) -> None:
            if type(event) is StepFinished:
                result = event.result
                if result.phase in _COUNTED and result.kind != "use":
                    steps[result.verdict] += 1
            elif type(event) is CaseFinished:
                self._case(event.result)
            elif type(event) is ScenarioFinished and event.verdict is not Verdict.PASSED:
                self._teardowns[event.verdict] += 1
            sink(event)

        return watched

    def _case(self, result: CaseResult) -> None:
        self._cases[result.verdict] += 1
        self._times.append(result.times)
        if len(self._times) >= _ADDED_AT_ONCE:
            self._times = [total_times(self._times)]
        if not self._judged:
            blocked = result.failure is not None and result.failure.blamed in _BLOCKING
            self._judged = not (result.verdict is Verdict.ERROR and blocked)

    def summary(self, started: int, elapsed: int) -> RunSummary:
        verdict = worst([*self._cases, *self._teardowns])
        return RunSummary(
            verdict=verdict,
            cases=_counts(self._cases),
            steps=_counts(self._steps),
            started_us=started,
            elapsed_us=elapsed,
            times=total_times(self._times),
            teardowns=self._teardowns.total(),
            blocked=bool(self._cases) and not self._judged and not self._steps[Verdict.PASSED],
        )


def _counts(counter: Counter[Verdict]) -> Counts:
    return Counts(**{verdict.value.lower(): counter[verdict] for verdict in Verdict})
