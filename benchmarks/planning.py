"""What the checks of requests add to a run: 5,000 steps against a contract of 500 interfaces and 5,000 types, planned
and made into calls with and without them, and beside the run itself. What planning compiled the engine need not compile
again, so both are measured together.

    python benchmarks/planning.py

The best of five rounds of CPU time, because other work on the machine only ever adds to it. Exit code 1 when the checks
take more of a run than their limit.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from contract import INTERFACES, METHODS, large_contract

from workbench.engine.calls import CallBuilder
from workbench.expr import request as requests
from workbench.model.contract import Contract
from workbench.model.plan import RunPlan
from workbench.model.suite import Case, DubboStep, Scenario, Suite, SuiteFile
from workbench.planning import Ingredients, Selection, make_plan, planned_steps, request_findings

ROUNDS = 5
CASES, STEPS = 1_000, 5
RUN_US = 300  # of CPU a step: engine, bridge and provider of benchmarks/run.py, typed
ROWS = 10
LIMIT = 0.15
REQUEST = '[{"field0": 5, "field1": 19.90, "field2": [{"field0": ${row.id}, "field1": 1.50}], "field3": 7}, 12]'


def main() -> int:
    contract, suite = large_contract(), _suite()
    plan = _plan(suite, contract)
    found = len(_findings(suite, contract, plan))
    if found:
        raise SystemExit(f"the benchmark's requests must fit: {found} do not")
    without = _best(lambda: (_plan(suite, contract), _calls(plan)))
    checked = _best(lambda: (_plan(suite, contract), _findings(suite, contract, plan), _calls(plan)))
    count = CASES * STEPS
    once = (checked - without) / (count * RUN_US / 1e6)
    print(f"{count} steps planned and made into calls: {without * 1000:.0f} ms, with checks {checked * 1000:.0f} ms")
    print(f"{(checked - without) / count * 1e6:.0f} µs a step; a run takes {RUN_US} µs of CPU each time a step is made")
    print(f"they add {once:.0%} to a run that makes each step once, {once / ROWS:.1%} to one with {ROWS} rows a case")
    print(f"  limit {LIMIT:.0%}: {'kept' if once < LIMIT else 'MISSED'}")
    return 0 if once < LIMIT else 1


def _suite() -> Suite:
    cases = tuple(
        Case(id=f"c{number}", case=f"case {number}", steps=tuple(_step(number, at) for at in range(STEPS)))
        for number in range(CASES)
    )
    scenario = Scenario(id="s", scenario="large", cases=cases)
    return Suite(file=SuiteFile(suite="large", subsystem="x"), scenarios={"large": scenario})


def _step(case: int, at: int) -> DubboStep:
    number = (case * STEPS + at) % INTERFACES
    request = REQUEST.replace("${row.id}", str(case))
    return DubboStep(id=f"s{case}-{at}", step="call", dubbo=f"com.x.Facade{number}#call{at % METHODS}", request=request)


def _plan(suite: Suite, contract: Contract) -> RunPlan:
    return make_plan(suite, Selection(), Ingredients(run_id="r", created_us=1, contracts={"x": contract}))


def _findings(suite: Suite, contract: Contract, plan: RunPlan) -> list[object]:
    return list(request_findings(planned_steps(suite, plan), plan, {"x": contract}))


def _calls(plan: RunPlan) -> list[object]:
    builder = CallBuilder(plan)
    return [builder.build(step, step.id, 1_000) for planned in plan.cases for step in planned.case.steps]


def _best(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(ROUNDS):
        requests._kept.cache_clear()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
