"""How fast calls go through Python and the bridge, beside plain Java on the same machine, in interleaved rounds.

    python benchmarks/bridge.py --url dubbo://[::1]:20881 --interface I --method M --types T --data '[…]'
        [--artifact API.jar] [--seconds 5] [--rounds 3] [--warmup 15] [--in-flight 256]

Each round measures plain Java (128 pipelined, generic) and the bridge; only ratios within a run mean something.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from sides import PlainJava, cpu_seconds

from workbench.invokers import Bridge, DubboInvoker
from workbench.model.plan import Target
from workbench.plugin_api import DubboCall


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("url", "interface", "method"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--types", default="")
    parser.add_argument("--data", default="[]")
    parser.add_argument("--artifact", default="")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--warmup", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--in-flight", type=int, default=256)
    return parser.parse_args()


async def through_bridge(invoker: DubboInvoker, call: DubboCall, in_flight: int, seconds: float) -> tuple[float, float]:
    """Calls a second, and microseconds of this process's CPU a call."""
    end = time.perf_counter() + seconds
    done = 0

    async def worker() -> None:
        nonlocal done
        while time.perf_counter() < end:
            answer = await invoker.invoke(call)
            if answer.failure is not None:
                raise RuntimeError(answer.failure)
            done += 1

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return done / (time.perf_counter() - began), (time.process_time() - cpu) / done * 1e6


async def main() -> None:
    given = options()
    types = tuple(filter(None, given.types.split(",")))
    artifacts = (given.artifact,) if given.artifact else ()
    with tempfile.TemporaryDirectory() as folder:
        bridge = Bridge("calls", Path(folder))
        invoker = DubboInvoker(bridge)
        modes = {"typed": Target(url=given.url, artifacts=artifacts), "generic": Target(url=given.url)}
        calls = {
            mode: DubboCall(given.interface, given.method, types, given.data, target, timeout_ms=30_000)
            for mode, target in modes.items()
            if mode == "generic" or artifacts
        }
        for call in calls.values():
            await through_bridge(invoker, call, given.in_flight, given.warmup / len(calls))
        asked = {name: getattr(given, name) for name in ("url", "interface", "method", "types", "data")}
        plain = PlainJava(Path(folder), jvm="-Xmx512m", **asked)
        await asyncio.to_thread(plain.measure, given.warmup)
        ratios: dict[str, list[float]] = {mode: [] for mode in calls}
        for number in range(given.rounds):
            print(f"round {number + 1}")
            java = await asyncio.to_thread(plain.measure, given.seconds)
            print(f"  plain Java generic {java['calls_per_s']:6.0f}/s  cpu {java['cpu_us_per_call']:.0f} µs")
            for mode, call in calls.items():
                before = cpu_seconds(bridge.pid or 0)
                rate, cpu = await through_bridge(invoker, call, given.in_flight, given.seconds)
                jvm = (cpu_seconds(bridge.pid or 0) - before) / (rate * given.seconds) * 1e6
                ratios[mode].append(rate / java["calls_per_s"])
                print(f"  bridge {mode:12} {rate:8.0f}/s  cpu Python {cpu:.0f} µs, JVM {jvm:.0f} µs a call")
        for mode, values in ratios.items():
            print(f"{mode}: {statistics.median(values):.0%} of plain Java generic")
        plain.close()
        await bridge.close()


if __name__ == "__main__":
    asyncio.run(main())
