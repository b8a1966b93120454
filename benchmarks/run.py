"""The main figure: cases of 3 Dubbo steps, checked and saved, beside a plain Java consumer of the same provider.

    python benchmarks/run.py [--rounds 5] [--seconds 6] [--warmup 15] [--steps N]

Each step has a body of about 1 KB, 5 assertions and 2 extractions; results are written to a run folder. Rounds are
interleaved: plain Java (generic, 128 in flight), then the workbench typed, then generic (256 cases at a time). Only
ratios within a round mean something; the median of the rounds is printed. `--steps N` shows in the end that memory
stays flat over N further steps.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from workbench import plugins
from workbench.engine import Tools, run
from workbench.files import RunFolder
from workbench.invokers import Bridge, DubboInvoker
from workbench.invokers.java import find_java
from workbench.model.contract import Contract
from workbench.model.dataset import Column, Dataset
from workbench.model.events import AnyEvent
from workbench.model.plan import Item, PlannedCase, PlannedScenario, RunPlan, Target
from workbench.model.result import Verdict
from workbench.model.suite import Case, DubboStep
from workbench.scripts import ScriptEngine
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.samples import Lifetime, ProviderOptions, launch_provider, launch_registry, sample_artifact

BENCH_JAR = Path(__file__).parent.parent / "bridge-java" / "bench" / "target" / "bench.jar"
INTERFACE, METHOD, TYPES = "com.example.order.BizOrderAiFacade", "bizOrder", "com.example.order.BizOrderRequest"
STEPS, CONCURRENCY = 3, 256
ASSERTIONS = """
response.code == "0000"
response.data.amount == "${row.amount}"
response.data.status == "CREATED"
response.data.items size 6
response.data.orderId > 9007199254740992
"""
EXTRACT = {"orderId": "response.data.orderId", "paymentId": "response.data.paymentId"}
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


class Workbench:
    """Runs plans over one JVM and keeps what each cost."""

    def __init__(self, folder: Path, url: str, provider: int) -> None:
        self.folder, self.url, self.provider = folder, url, provider
        self.bridge = Bridge("calls", folder)
        self.scripts = ScriptEngine(plugins.keywords())
        self.tools = Tools({"dubbo": DubboInvoker(self.bridge)}, self.scripts, plugins.pure_functions())
        self.contract = import_artifact([sample_artifact("order-api-1.0.0.jar")])

    async def measure(self, mode: str, cases: int) -> dict[str, float]:
        frozen = plan(self.url, mode, cases, self.contract)
        kept = RunFolder.create(self.folder / "runs", frozen)

        def sink(event: AnyEvent) -> None:
            kept.append((event,))

        before = self._cpu()
        began = time.perf_counter()
        summary = await run(frozen, self.tools, sink)
        kept.close()
        took = time.perf_counter() - began
        if summary.verdict is not Verdict.PASSED:
            raise SystemExit(f"the benchmark's cases must pass: {summary}")
        steps = cases * STEPS
        used = {name: (now - before[name]) / steps * 1e6 for name, now in self._cpu().items()}
        return {"rate": steps / took, **used}

    def _cpu(self) -> dict[str, float]:
        return {
            "Python": time.process_time(),
            "bridge": jvm_cpu(self.bridge.pid) if self.bridge.pid else 0.0,
            "provider": jvm_cpu(self.provider),
        }

    async def close(self) -> None:
        await self.tools.invokers["dubbo"].close()
        self.scripts.close()


class PlainJava:
    """bench.jar, which waits for a line on its standard input before each round."""

    def __init__(self, url: str, given: argparse.Namespace) -> None:
        command = [
            str(find_java()),
            "-Xmx1g",
            "-jar",
            str(BENCH_JAR),
            "--mode",
            "generic",
            "--url",
            url,
            "--paced",
            "true",
        ]
        command += ["--interface", INTERFACE, "--method", METHOD, "--types", TYPES]
        command += ["--data", body("buyer-1", "19.90"), "--in-flight", "128"]
        command += ["--warmup", str(given.warmup), "--seconds", str(given.seconds), "--rounds", str(given.rounds)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        while text := self.process.stdout.readline():
            if text.startswith("{"):
                return json.loads(text)  # type: ignore[no-any-return]
        raise SystemExit("bench.jar ended early")

    def round(self) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return self.line()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def jvm_cpu(pid: int) -> float:
    """Seconds of CPU of a process, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def rounds(given: argparse.Namespace, bench: Workbench, url: str) -> dict[str, list[float]]:
    plain = PlainJava(url, given)
    ratios: dict[str, list[float]] = {"typed": [], "generic": []}
    try:
        plain.line()  # its warm-up is over
        for mode in ratios:
            await bench.measure(mode, given.warmup * 700)
        for number in range(1, given.rounds + 1):
            java = await asyncio.to_thread(plain.round)
            print(
                f"round {number}: plain Java generic {java['calls_per_s']:7.0f}/s, cpu {java['cpu_us_per_call']:.0f} µs"
            )
            for mode, values in ratios.items():
                got = await bench.measure(mode, given.seconds * 2500)
                values.append(got["rate"] / java["calls_per_s"])
                cpu = ", ".join(f"{name} {got[name]:.0f}" for name in ("Python", "bridge", "provider"))
                print(f"         workbench {mode:8} {got['rate']:7.0f}/s = {values[-1]:.0%}; cpu µs a step: {cpu}")
    finally:
        plain.close()
    return ratios


async def flat_memory(bench: Workbench, steps: int) -> None:
    """Resident memory of both sides after each fifth of the steps: what grows a step would show as a stair."""
    stages = []
    for _ in range(5):
        await bench.measure("typed", steps // 5 // STEPS)
        stages.append((resident_mb(os.getpid()), resident_mb(bench.bridge.pid or os.getpid())))
    for name, values in zip(("Python", "bridge"), zip(*stages, strict=True), strict=True):
        print(f"memory of {name} over {steps} further steps: {' → '.join(f'{value:.0f}' for value in values)} MB")


async def main(given: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as name:
        folder = Path(name)
        life = Lifetime(max_minutes=30, parent=os.getpid())
        registry = launch_registry(folder / "registry", lifetime=life)
        options = ProviderOptions(services=("order",), jvm=("-Xmx1g", "-XX:+UseG1GC"))
        provider = launch_provider(folder / "order", registry.address, options, lifetime=life)
        bench = Workbench(folder, provider.address, provider.pid)
        try:
            ratios = await rounds(given, bench, provider.address)
            if given.steps:
                await flat_memory(bench, given.steps)
        finally:
            await bench.close()
            provider.stop(kill=True)
            registry.stop(kill=True)
    for mode, values in ratios.items():
        least, goal = GOALS[mode]
        print(f"{mode}: {statistics.median(values):.0%} of plain Java generic (at least {least:.0%}, goal {goal:.0%})")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--warmup", type=int, default=15)
    parser.add_argument("--steps", type=int, default=100_000)
    sys.exit(asyncio.run(main(parser.parse_args())))
