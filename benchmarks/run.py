"""The main figure: cases of 3 Dubbo steps, checked and saved, beside a plain Java consumer of the same provider.

    python benchmarks/run.py [--rounds 5] [--seconds 6] [--warmup 30] [--steps N]

Each step has a body of about 1 KB, 5 assertions and 2 extractions; results are written to a run folder. The sides take
turns: plain Java (generic, 128 in flight), then the workbench typed, typed without a contract (so that no request is
checked before it is sent), and generic, 256 cases at a time. Before the first round all of them are warmed up in turns
until the CPU time of a call stands still, or for `--warmup` seconds each, and each measurement has a lead-in that does
not count. Only ratios within a round mean something; the median of the rounds is printed. `others` is what other
processes took of the machine meanwhile: with more than a few percent, look at the CPU time alone. `--steps N` shows in
the end that memory stays flat over N further steps.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NamedTuple

from sides import PlainJava, cpu_seconds, resident_mb

from workbench import plugins
from workbench.engine import Tools
from workbench.files import RunFolder
from workbench.invokers import Bridge, DubboInvoker
from workbench.model.contract import Contract
from workbench.model.dataset import Column, Dataset
from workbench.model.plan import Item, PlannedCase, PlannedScenario, RunPlan, Target
from workbench.model.result import Verdict
from workbench.model.suite import Case, DubboStep
from workbench.scripts import ScriptEngine
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.launch_run import execute
from workbench.usecases.samples import Lifetime, ProviderOptions, launch_provider, launch_registry, sample_artifact

INTERFACE, METHOD, TYPES = "com.example.order.BizOrderAiFacade", "bizOrder", "com.example.order.BizOrderRequest"
STEPS, CONCURRENCY = 3, 256
SLICE_S, LEAD_S = 3.0, 1.0
STEADY = 0.08  # CPU a call of one slice beside that of the one before
ASSERTIONS = """
response.code == "0000"
response.data.amount == "${row.amount}"
response.data.status == "CREATED"
response.data.items size 6
response.data.orderId > 9007199254740992
"""
EXTRACT = {"orderId": "response.data.orderId", "paymentId": "response.data.paymentId"}
CHECKS = 0.15
GOALS = {"typed": (0.60, 0.75), "generic": (0.45, 0.55)}


def body(buyer: str, amount: str) -> str:
    """A request of about 1 KB."""
    item = '{{"sku":"GOODS-{n}","name":"a thing of some size and colour","qty":1,"price":{price}}}'
    items = ",".join(item.format(n=n, price="0.00" if n else '"@"') for n in range(6)).replace('"@"', amount)
    labels = ",".join(f'"label-{n}":["value-{n}-a","value-{n}-b"]' for n in range(6))
    address = '{"city":"Hangzhou","street":"a street with a long name 17","zip":"310000"}'
    return (
        f'[{{"buyerId":"{buyer}","amount":{amount},"items":[{items}],"labels":{{{labels}}},'
        f'"deliverAt":"2026-12-01T09:30:00","shipTo":{address}}}]'
    )


def step(number: int, mode: str) -> DubboStep:
    """`mode`: typed or generic."""
    return DubboStep(
        id=f"s{number}",
        step=f"step {number}",
        dubbo=f"{INTERFACE}#{METHOD}({TYPES})",
        request=body("${row.buyer}", '"${row.amount}"'),
        extract=EXTRACT,
        assert_=ASSERTIONS,
        timeout="30s",
        mode=mode,  # type: ignore[arg-type]
    )


def plan(url: str, mode: str, cases: int, contract: Contract) -> RunPlan:
    rows = tuple({"buyer": f"buyer-{n}", "amount": "19.90"} for n in range(cases))
    target = Target(url=url, artifacts=(str(sample_artifact("order-api-1.0.0.jar")),), contract=contract)
    case = Case(id="case", case="three orders", dataset="rows", steps=tuple(step(n, mode) for n in range(STEPS)))
    return RunPlan(
        id=f"bench-{mode}-{time.time_ns()}",
        created_us=time.time_ns() // 1000,
        suite="bench",
        subsystem="order",
        concurrency=CONCURRENCY,
        targets={"order": target},
        scenarios=(PlannedScenario(id="scenario", name="scenario"),),
        cases=(PlannedCase(scenario="scenario", case=case),),
        datasets={"rows": Dataset("rows", (Column("buyer"), Column("amount")), rows)},
        items=tuple(Item("case", row) for row in range(cases)),
    )


class Measured(NamedTuple):
    """Calls a second; CPU µs a call by process; shares of the machine that were idle, and that other processes had."""

    rate: float
    cpu: dict[str, float]
    idle: float
    others: float

    @property
    def total(self) -> float:
        return sum(self.cpu.values())

    def __str__(self) -> str:
        cpu = " + ".join(f"{name} {used:.0f}" for name, used in self.cpu.items())
        return f"{self.rate:7.0f}/s; CPU µs {self.total:4.0f} = {cpu}; idle {self.idle:.0%}, others {self.others:.0%}"


class Usage:
    """What processes and the machine have used since it was made."""

    def __init__(self, pids: dict[str, int]) -> None:
        self._pids = pids
        self._began = self._now()

    def over(self, calls: int, seconds: float) -> Measured:
        used = [now - then for now, then in zip(self._now(), self._began, strict=True)]
        *ours, all_of_it, idle = used
        cpu = {name: each / calls * 1e6 for name, each in zip(self._pids, ours, strict=True)}
        return Measured(calls / seconds, cpu, idle / all_of_it, max(0.0, 1 - (idle + sum(ours)) / all_of_it))

    def _now(self) -> list[float]:
        machine = [int(ticks) / os.sysconf("SC_CLK_TCK") for ticks in Path("/proc/stat").read_text().split()[1:9]]
        return [*(cpu_seconds(pid) for pid in self._pids.values()), sum(machine), machine[3] + machine[4]]


class Workbench:
    """Runs plans over one JVM and keeps what each cost."""

    def __init__(self, folder: Path, url: str, provider: int) -> None:
        self.folder, self.url, self.provider = folder, url, provider
        self.bridge = Bridge("calls", folder)
        self.scripts = ScriptEngine(plugins.keywords())
        self.tools = Tools({"dubbo": DubboInvoker(self.bridge)}, self.scripts, plugins.pure_functions())
        self.contract = import_artifact([sample_artifact("order-api-1.0.0.jar")])

    async def measure(self, mode: str, cases: int, *, checked: bool = True) -> Measured:
        """`checked`: with the contract, by which requests are checked before they are sent."""
        await self.bridge.start()
        frozen = plan(self.url, mode, cases, self.contract if checked else Contract())
        kept = RunFolder.create(self.folder / "runs", frozen)
        usage = Usage({"Python": os.getpid(), "bridge": self.bridge.pid or 0, "provider": self.provider})
        began = time.perf_counter()
        summary = await execute(frozen, self.tools, kept)
        if summary.verdict is not Verdict.PASSED:
            raise SystemExit(f"the benchmark's cases must pass: {summary}")
        return usage.over(cases * STEPS, time.perf_counter() - began)

    async def close(self) -> None:
        await self.tools.invokers["dubbo"].close()
        self.scripts.close()


class Side:
    """One of those that take turns. `measure` calls for about so many seconds."""

    def __init__(self, name: str, measure: Callable[[float], Coroutine[Any, Any, Measured]]) -> None:
        self.name, self.measure = name, measure
        self.slices: list[Measured] = []

    @property
    def steady(self) -> bool:
        return len(self.slices) > 2 and self.slices[-1].total > (1 - STEADY) * min(
            each.total for each in self.slices[-3:-1]
        )

    async def warm(self) -> None:
        self.slices.append(await self.measure(SLICE_S))

    async def round(self, seconds: float) -> Measured:
        await self.measure(LEAD_S)
        return await self.measure(seconds)


def plain_side(plain: PlainJava, provider: int) -> Side:
    async def measure(seconds: float) -> Measured:
        usage = Usage({"plain Java": plain.pid, "provider": provider})
        got = await asyncio.to_thread(plain.measure, seconds)
        if got["failed"]:
            raise SystemExit(f"the benchmark's calls must pass: {got}")
        return usage.over(got["calls"], got["seconds"])

    return Side("plain Java", measure)


def workbench_side(name: str, bench: Workbench, mode: str, *, checked: bool = True) -> Side:
    rate = 1500.0

    async def measure(seconds: float) -> Measured:
        nonlocal rate
        got = await bench.measure(mode, max(CONCURRENCY, int(seconds * rate / STEPS)), checked=checked)
        rate = got.rate
        return got

    return Side(name, measure)


async def warm_up(sides: list[Side], seconds: float) -> None:
    for _ in range(max(3, round(seconds / SLICE_S))):
        for side in sides:
            await side.warm()
        if all(side.steady for side in sides):
            break
    for side in sides:
        told = " → ".join(f"{each.rate:.0f}" for each in side.slices)
        print(f"warm-up: {side.name:15} {told}/s{'' if side.steady else '; not steady yet'}", flush=True)


async def rounds(given: argparse.Namespace, sides: list[Side]) -> dict[str, list[Measured]]:
    kept: dict[str, list[Measured]] = {side.name: [] for side in sides}
    for number in range(1, given.rounds + 1):
        for side in sides:
            got = await side.round(given.seconds)
            kept[side.name].append(got)
            ratio = f"{got.rate / kept[sides[0].name][-1].rate:4.0%} " if side is not sides[0] else "     "
            print(f"round {number}: {side.name:15} {ratio}{got}", flush=True)
    return kept


async def flat_memory(bench: Workbench, steps: int) -> None:
    """Resident memory of both sides after each fifth of the steps: what grows a step would show as a stair."""
    stages = []
    for _ in range(5):
        await bench.measure("typed", steps // 5 // STEPS)
        stages.append((resident_mb(os.getpid()), resident_mb(bench.bridge.pid or os.getpid())))
    for name, values in zip(("Python", "bridge"), zip(*stages, strict=True), strict=True):
        print(f"memory of {name} over {steps} further steps: {' → '.join(f'{value:.0f}' for value in values)} MB")


def tell(kept: dict[str, list[Measured]]) -> None:
    plain = kept["plain Java"]
    for mode, (least, goal) in GOALS.items():
        rate = statistics.median(got.rate / java.rate for got, java in zip(kept[mode], plain, strict=True))
        cpu = statistics.median(java.total / got.total for got, java in zip(kept[mode], plain, strict=True))
        print(
            f"{mode}: {rate:.0%} of the calls a second of plain Java generic (at least {least:.0%}, goal {goal:.0%}); "
            f"{cpu:.0%} by CPU time alone"
        )
    pairs = list(zip(kept["typed"], kept["typed unchecked"], strict=True))
    rate = statistics.median(1 - with_.rate / without.rate for with_, without in pairs)
    cpu = statistics.median(1 - without.total / with_.total for with_, without in pairs)
    print(
        f"checks of requests before sending: {rate:.0%} of throughput (less than {CHECKS:.0%}), {cpu:.0%} of CPU time"
    )


async def main(given: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as name:
        folder = Path(name)
        life = Lifetime(max_minutes=30, parent=os.getpid())
        registry = launch_registry(folder / "registry", lifetime=life)
        options = ProviderOptions(services=("order",), jvm=("-Xmx1g", "-XX:+UseG1GC"))
        provider = launch_provider(folder / "order", registry.address, options, lifetime=life)
        bench = Workbench(folder, provider.address, provider.pid)
        call = {"interface": INTERFACE, "method": METHOD, "types": TYPES, "data": body("buyer-1", "19.90")}
        plain = PlainJava(folder, url=provider.address, **call)
        sides = [
            plain_side(plain, provider.pid),
            workbench_side("typed", bench, "typed"),
            workbench_side("typed unchecked", bench, "typed", checked=False),
            workbench_side("generic", bench, "generic"),
        ]
        try:
            await warm_up(sides, given.warmup)
            tell(await rounds(given, sides))
            if given.steps:
                await flat_memory(bench, given.steps)
        finally:
            plain.close()
            await bench.close()
            provider.stop(kill=True)
            registry.stop(kill=True)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--warmup", type=float, default=30)
    parser.add_argument("--steps", type=int, default=100_000)
    sys.exit(asyncio.run(main(parser.parse_args())))
