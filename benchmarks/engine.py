"""What the engine costs a step, in microseconds of CPU: the plan of benchmarks/run.py with an invoker that answers at
once, with and without a run folder. Bridge and provider have no part in it.

    python benchmarks/engine.py [--rounds 15] [--cases 1000] [--profile]
    python benchmarks/engine.py --stored --cases 3334    # what keeping the results of 10,000 steps adds

The best of several short rounds counts: other work on the machine only ever adds to it. The line `yardstick` is a
fixed piece of Python work; figures of two machines, or of one under different load, compare by their ratio to it.
"""

import argparse
import asyncio
import cProfile
import pstats
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from run import plan

from workbench import plugins
from workbench.engine import Sink, Tools, run
from workbench.files import RunFolder
from workbench.model.contract import Contract
from workbench.model.plan import RunPlan
from workbench.model.result import Verdict
from workbench.plugin_api import Answer, DubboCall
from workbench.scripts import ScriptEngine
from workbench.storage import Storage
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.samples import sample_artifact
from workbench.usecases.store_run import store_run

STEPS = 3
LIMIT = 0.2  # of a run, that keeping its results may add
CALL_US = 200  # bridge and provider of benchmarks/run.py, a step, typed


def answer() -> str:
    """An answer of about 1 KB, as the order service gives it."""
    item = '{{"sku":"GOODS-{n}","name":"a thing of some size and colour","qty":1,"price":19.90}}'
    items = ",".join(item.format(n=n) for n in range(6))
    labels = ",".join(f'"label-{n}":["value-{n}-a","value-{n}-b"]' for n in range(6))
    data = '"orderId":1795248263428000018,"paymentId":"PAY1795248263428000018","amount":19.90,"status":"CREATED"'
    return (
        f'{{"code":"0000","success":true,"message":null,"data":{{{data},"items":[{items}],"labels":{{{labels}}},'
        '"deliverAt":"2026-12-01T09:30:00","shipTo":{"city":"Hangzhou","zip":"310000"}}}'
    )


class AtOnce:
    """An invoker that answers in the loop's next turn."""

    def __init__(self) -> None:
        self._answer = Answer(answer(), elapsed_us=100, provider="[::1]:20881", mode="typed")

    async def invoke(self, call: DubboCall) -> Answer:
        await asyncio.sleep(0)
        return self._answer

    async def close(self) -> None:
        """Nothing to leave behind."""


class Bench:
    def __init__(self, cases: int) -> None:
        self.cases = cases
        self.contract: Contract = import_artifact([sample_artifact("order-api-1.0.0.jar")])
        self.scripts = ScriptEngine(plugins.keywords())
        self.tools = Tools({"dubbo": AtOnce()}, self.scripts, plugins.pure_functions())

    def plan(self) -> RunPlan:
        return plan("dubbo://[::1]:20881", "typed", self.cases, self.contract)

    def alone(self) -> float:
        return self._measured(self.plan(), lambda event: None)

    def saved(self) -> float:
        with tempfile.TemporaryDirectory() as name:
            frozen = self.plan()
            folder = RunFolder.create(Path(name), frozen)
            took = self._measured(frozen, lambda event: folder.append((event,)))
            folder.close()
        return took

    def stored(self) -> tuple[float, float]:
        """(seconds of CPU for the run with its folder, for keeping it in the database) of the same run."""
        with tempfile.TemporaryDirectory() as name, Storage(f"sqlite:///{name}/w.db", Path(name) / "files") as storage:
            frozen = self.plan()
            folder = RunFolder.create(Path(name) / "runs", frozen)
            ran = self._measured(frozen, lambda event: folder.append((event,))) * self.cases * STEPS / 1e6
            folder.close()
            began = time.process_time()
            store_run(RunFolder.open(folder.path), storage)
            return ran, time.process_time() - began

    def _measured(self, frozen: RunPlan, sink: Sink) -> float:
        began = time.process_time()
        summary = asyncio.run(run(frozen, self.tools, sink))
        took = time.process_time() - began
        if summary.verdict is not Verdict.PASSED:
            raise SystemExit(f"the benchmark's cases must pass: {summary}")
        return took / (self.cases * STEPS) * 1e6


def yardstick() -> float:
    """Attribute access, calls, small objects: what interpreters do all day."""
    began = time.process_time()
    kept: dict[int, str] = {}
    for number in range(20_000):
        kept[number & 255] = str(number).upper()
    return (time.process_time() - began) / 20_000 * 1e6


def best(rounds: int, work: Callable[[], float]) -> float:
    return min(work() for _ in range(rounds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--stored", action="store_true")
    given = parser.parse_args()
    bench = Bench(given.cases)
    try:
        if given.profile:
            profile = cProfile.Profile()
            profile.runcall(bench.saved)
            pstats.Stats(profile).sort_stats("tottime").print_stats(45)
            return
        if given.stored:
            ran, kept = min((bench.stored() for _ in range(3)), key=sum)
            call = CALL_US * given.cases * STEPS / 1e6
            print(f"a run of {given.cases * STEPS} steps   {ran:6.2f} s of CPU, without any call")
            print(f"kept in the database    {kept:6.2f} s of CPU")
            share = kept / (ran + call)
            print(f"it adds {share:.0%} to a run whose calls take {CALL_US} µs of CPU each (bridge and provider)")
            told = "kept" if share < LIMIT else "MISSED"
            print(f"  limit {LIMIT:.0%}: {told}; beside the engine alone {kept / ran:.0%}")
            return
        scale = best(given.rounds * 3, yardstick)
        alone, saved = best(given.rounds, bench.alone), best(given.rounds, bench.saved)
        print(f"yardstick            {scale:6.3f} µs")
        print(f"engine alone         {alone:6.1f} µs a step = {alone / scale:5.0f} yardsticks")
        print(f"engine, run folder   {saved:6.1f} µs a step = {saved / scale:5.0f} yardsticks")
    finally:
        bench.scripts.close()


if __name__ == "__main__":
    main()
