"""What expressions cost, in microseconds of CPU: the best of several rounds, so that other work on the machine counts
little. Run: python benchmarks/expr.py"""

import timeit
from collections.abc import Callable
from typing import Any

from workbench.expr import bind, compile_assertions, compile_json, compile_path, compile_text, diff
from workbench.model import json
from workbench.model.contract import Field, TypeDef

TYPES = {
    "x.Order": TypeDef(
        "class",
        super="java.lang.Object",
        fields=(
            Field("buyer", "java.lang.String"),
            Field("amount", "java.math.BigDecimal"),
            Field("id", "long"),
            Field("note", "java.lang.String"),
            Field("items", "java.util.List<x.Item>"),
        ),
    ),
    "x.Item": TypeDef(
        "class", super="java.lang.Object", fields=(Field("sku", "java.lang.String"), Field("qty", "int"))
    ),
}
REQUEST = (
    '[{"buyer": "${row.buyer}", "amount": "${row.amount}", "id": "${ctx.id}", "note": "'
    + "n" * 700
    + '", "items": [{"sku": "a-1", "qty": 1}, {"sku": "b-2", "qty": 2}, {"sku": "c-3", "qty": 3}]}]'
)
RESPONSE = json.loads(
    '{"code": "0000", "data": {"id": 9007199254740993, "amount": 5000000000.10, "items": ['
    + ",".join(f'{{"sku": "sku-{index}", "qty": {index}, "price": {index}.90}}' for index in range(12))
    + "]}}"
)
SCOPE: dict[str, Any] = {
    "ctx": {"id": 9007199254740993},
    "row": {"buyer": "00123", "amount": "5000000000.10"},
    "config": {},
    "response": RESPONSE,
}


def assertion(line: str) -> Callable[[], Any]:
    check = compile_assertions(line)[0].check
    assert check(SCOPE).passed, check(SCOPE).message
    return lambda: check(SCOPE)


def cases() -> dict[str, Callable[[], Any]]:
    request = compile_json(REQUEST, parameters=["x.Order"], types=TYPES)
    unchecked = compile_json(REQUEST, parameters=["x.Order"], types=TYPES, checked=False)
    path, query = compile_path("response.data.id"), compile_path("response.data.items[?@.qty > 9].sku")
    text = compile_text("https://host/${row.buyer}/${ctx.id}")
    order = {"buyer": "b", "amount": 1, "id": 2, "items": [{"sku": "a", "qty": 1}] * 3}
    payload = json.dumps(RESPONSE)
    return {
        f"render a request of {len(request.render(SCOPE))} characters, 3 gaps": lambda: request.render(SCOPE),
        "the same, unchecked": lambda: unchecked.render(SCOPE),
        "compile that request": lambda: compile_json(REQUEST, parameters=["x.Order"], types=TYPES),
        "render a text with 2 gaps": lambda: text.render(SCOPE),
        "plain path": lambda: path.find(SCOPE),
        "query with a filter over 12 items": lambda: query.find(SCOPE),
        "assert == text": assertion('response.code == "0000"'),
        "assert == a row's number": assertion('response.data.amount == "${row.amount}"'),
        "assert size": assertion("response.data.items size 12"),
        "assert each over 12 items": assertion('response.data.items each {"qty": {">=": 0}}'),
        "bind an object of 4 fields": lambda: bind(order, "x.Order", TYPES),
        "diff two equal answers": lambda: diff(RESPONSE, RESPONSE),
        f"loads {len(payload)} characters": lambda: json.loads(payload),
        f"dumps {len(payload)} characters": lambda: json.dumps(RESPONSE),
    }


def main() -> None:
    for name, run in cases().items():
        timer = timeit.Timer(run)
        count, _ = timer.autorange()
        best = min(timer.repeat(repeat=7, number=max(count // 4, 1)))
        print(f"{best / max(count // 4, 1) * 1e6:9.2f} µs  {name}")


if __name__ == "__main__":
    main()
