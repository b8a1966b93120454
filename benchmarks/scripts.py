"""What a script costs: ten lines with five keyword calls, one after the other and over threads.

    python benchmarks/scripts.py [--runs 500] [--threads 4]

`exec` runs the same lines in this process without any sandbox: the floor that no sandbox reaches.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from workbench import plugins
from workbench.plugins.calls import CheckedKeyword
from workbench.plugins.memory import MemoryScope
from workbench.scripts import ScriptEngine
from workbench.scripts.source import read

TEXT = """\
order = $app.getResponse("data.orderId")
amount = $app.getResponse("data.amount")
total = amount * 3
if total > 10:
    label = "large"
else:
    label = "small"
$app.addContext("orderId", order)
$app.addContext("total", total)
$app.log(label, order)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--threads", type=int, default=4)
    given = parser.parse_args()
    with ScriptEngine(plugins.keywords()) as engine:
        began = time.perf_counter()
        script = engine.compile(TEXT)
        print(f"first compile, with the start of the sandbox: {(time.perf_counter() - began) * 1000:.1f} ms")
        sandbox = micros(lambda: engine.run(script, scope()), given.runs)
        print(f"sandbox: {sandbox:.0f} µs a script")
        floor = micros(in_process(), given.runs)
        print(f"exec:    {floor:.0f} µs a script; the sandbox costs {sandbox / floor:.1f} times that")
        rate = over_threads(lambda: engine.run(script, scope()), given.runs, given.threads)
        print(f"{given.threads} threads: {rate:.0f} scripts/s")


def scope() -> MemoryScope:
    made = MemoryScope()
    made.response = {"data": {"orderId": 9007199254740993, "amount": 5}}
    return made


class _App:
    """`$app` without a sandbox."""

    def __init__(self, calls: dict[str, CheckedKeyword]) -> None:
        self._calls = calls
        self._scope = scope()

    def __getattr__(self, name: str) -> Callable[..., object]:
        return lambda *arguments, **named: self._calls[name].call(self._scope, arguments, named)


def in_process() -> Callable[[], None]:
    code = compile(read(TEXT).code, "script", "exec")
    calls = {name: CheckedKeyword(info) for name, info in plugins.keywords().items()}
    return lambda: exec(code, {"_app": _App(calls), "_wb_line": {}})


def micros(work: Callable[[], None], runs: int) -> float:
    """Median of five rounds, per run, after a warm-up."""
    rounds = []
    for _ in range(6):
        began = time.perf_counter()
        for _ in range(runs // 5):
            work()
        rounds.append((time.perf_counter() - began) / (runs // 5) * 1e6)
    return statistics.median(rounds[1:])


def over_threads(work: Callable[[], None], runs: int, threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: work(), range(threads * 4)))
        began = time.perf_counter()
        list(pool.map(lambda _: work(), range(runs)))
        return runs / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
