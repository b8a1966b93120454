"""How fast a large contract is loaded from its saved form, and compared: 500 interfaces, 5,000 types.

    python benchmarks/contract.py

The best of five rounds of wall time, because other work on the machine only ever adds to it. Exit code 1 when loading
misses its goal.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from workbench.catalog.diff import compare
from workbench.files import read_contracts, write_contract
from workbench.model.contract import Contract, Field, Interface, Method, Parameter, TypeDef
from workbench.planning.trim import trim

ROUNDS = 5
GOAL_S = 0.3
INTERFACES, TYPES, METHODS, FIELDS = 500, 5_000, 8, 10


def main() -> int:
    contract = large_contract()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = write_contract(folder, contract).stat().st_size / 1e6
        loading = _best(lambda: read_contracts(folder))
    print(f"{INTERFACES} interfaces of {METHODS} methods, {TYPES} types of {FIELDS} fields: {size:.1f} MB of JSON")
    print(f"loaded in {loading * 1000:6.0f} ms (goal {GOAL_S * 1000:.0f})")
    texts = [f"{interface.name}#call0" for interface in contract.interfaces[:10]]
    print(f"what a plan of ten interfaces needs: {_best(lambda: trim(contract, texts)) * 1000:6.1f} ms, once a plan")
    changed = replace(contract, types={**contract.types, "com.x.Type7": TypeDef("class", super="java.lang.Object")})
    print(f"compared with one of which one type differs: {_best(lambda: compare(contract, changed)) * 1000:6.0f} ms")
    return 0 if loading < GOAL_S else 1


def large_contract() -> Contract:
    interfaces = tuple(
        Interface(f"com.x.Facade{number}", tuple(_method(number, at) for at in range(METHODS)), "api-jar", "x.jar")
        for number in range(INTERFACES)
    )
    return Contract(interfaces, {f"com.x.Type{number}": _type(number) for number in range(TYPES)})


def _method(interface: int, at: int) -> Method:
    asked, given = (f"com.x.Type{(interface * METHODS + at) * step % TYPES}" for step in (1, 7))
    parameters = (Parameter("request", asked, "x-sources.jar", "What is asked for."), Parameter("id", "long"))
    return Method(f"call{at}", parameters, (asked, "long"), f"com.x.Result<{given}>", ("com.x.Refused",), doc="Calls.")


def _type(number: int) -> TypeDef:
    other = f"java.util.List<com.x.Type{number * 3 % TYPES}>"
    fields = tuple(
        Field(f"field{at}", ("long", "java.math.BigDecimal", other)[at % 3], doc="A field.") for at in range(FIELDS)
    )
    return TypeDef("class", super="com.x.Base", interfaces=("java.io.Serializable",), fields=fields, origin="x.jar")


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
