"""The oracle of the type matrix: one JVM with a typed Java consumer makes all calls, and how its words are compared."""

import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from zoo_cases import Case

from workbench.expr.marks import named, written
from workbench.invokers.java import find_java
from workbench.model.json import Json
from workbench.usecases.samples import SMALL_JVM, sample_artifact

_ATOMIC = "java.util.concurrent.atomic.Atomic"
_LANG = frozenset(f"java.lang.{name}" for name in ("Byte", "Short", "Integer", "Long"))
_WHOLE = {"byte", "short", "int", "long", "java.math.BigInteger", f"{_ATOMIC}Integer", f"{_ATOMIC}Long"} | _LANG
_REAL = frozenset("float double java.lang.Float java.lang.Double java.math.BigDecimal".split())  # noqa: SIM905
_TRUTH = frozenset(("boolean", f"{_ATOMIC}Boolean"))
_WRAPPERS = ("java.util.Optional", f"{_ATOMIC}Reference")
_ENTRIES = ("java.util.AbstractMap$SimpleEntry", "java.util.AbstractMap$SimpleImmutableEntry")
_ORDERED = frozenset(("java.util.LinkedHashMap", "java.util.TreeMap"))
_UNORDERED = frozenset(("java.util.HashSet", "java.util.RegularEnumSet"))


class Told(dict[str, Any]):
    """What the oracle says of a case: sent, seen, and received or thrown."""


def ask(url: str, cases: Sequence[Case]) -> dict[str, Told]:
    """Every case through the typed Java consumer. Raises AssertionError when it cannot make one."""
    lines = "".join(
        json.dumps(
            {
                "id": case.id, "interface": case.interface, "method": case.method, "types": case.erased,
                "arguments": case.values,
            }
        )
        + "\n"
        for case in cases
    )  # fmt: skip
    jar = str(sample_artifact("zoo-provider.jar"))
    command = [
        str(find_java()),
        *SMALL_JVM,
        "-Xmx512m",
        "-Duser.timezone=UTC",
        "-cp",
        jar,
        "com.example.zoo.oracle.Oracle",
        url,
    ]
    done = subprocess.run(command, input=lines.encode(), capture_output=True, timeout=300, check=False)
    told = {answer["id"]: Told(answer) for answer in map(json.loads, done.stdout.splitlines())}
    broken = [f"{key}: {answer['broken']}" for key, answer in told.items() if "broken" in answer]
    assert not broken, "\n".join(broken)
    assert len(told) == len(cases), done.stderr.decode(errors="replace")[-2000:]
    return told


def misfit(node: Json, value: Json, path: str = "$") -> str:
    """How a response differs from what the oracle received, in the JSON forms of docs/types.md; empty: not at all."""
    if node is None or isinstance(node, str | bool):
        return "" if type(node) is type(value) and node == value else f"{path}: {value!r} for {node!r}"
    ((tag, payload),) = node.items()
    if tag == "^":
        return "" if isinstance(value, dict) and set(value) == {"$ref"} else f"{path}: {value!r} for a cycle"
    if tag in _ENTRIES and isinstance(payload, list):
        return _entry(payload, value, path)
    if isinstance(payload, str) or (tag.startswith("java.util.Optional") and tag != "java.util.Optional"):
        expected = _scalar(tag, payload)
        return "" if _same(expected, value) else f"{path}: {value!r} for {tag} {payload}"
    return _structure(tag, payload, value, path)


def _structure(tag: str, payload: Json, value: Json, path: str) -> str:
    if tag in _WRAPPERS:
        nothing = value == {"$class": tag, "$value": None}
        return misfit(payload, None if nothing else value, path)
    if tag == "byte[]":
        return _plain(_base64(payload), value, path)
    if tag == "char[]":
        return _plain("".join(item["char"] for item in payload), value, path)
    if isinstance(payload, dict):
        return _fields(tag, payload, value, path)
    if (payload and all(isinstance(item, list) for item in payload)) or (not payload and isinstance(value, dict)):
        return _entries(payload, value, path) or _order(tag, payload, value, path)
    if not isinstance(value, list) or len(value) != len(payload):
        return f"{path}: {value!r} for {len(payload)} items"
    if tag in _UNORDERED:
        left = [item for item in payload if not any(not misfit(item, each) for each in value)]
        return f"{path}: without {left!r}" if left else ""
    pairs = enumerate(zip(payload, value, strict=True))
    return next(filter(None, (misfit(a, b, f"{path}[{i}]") for i, (a, b) in pairs)), "")


def _entry(pair: list[Json], value: Json, path: str) -> str:
    if not isinstance(value, dict) or value.keys() != {"key", "value"}:
        return f"{path}: {value!r} for an entry"
    return _pair(pair, [value["key"], value["value"]])


def _fields(tag: str, fields: dict[str, Json], value: Json, path: str) -> str:
    if not isinstance(value, dict):
        return f"{path}: {value!r} for {tag}"
    if value.get("$class", tag) != tag:
        return f"{path}: $class {value['$class']} for {tag}"
    for name, item in value.items():
        if name == "$class":
            continue
        if named(name) not in fields:
            return f"{path}: {tag} has no {name}"
        if wrong := misfit(fields[named(name)], item, f"{path}.{name}"):
            return wrong
    return ""


def _entries(pairs: list[list[Json]], value: Json, path: str) -> str:
    if not isinstance(value, dict) or (len(value) != len(pairs) and "$entries" not in value):
        return f"{path}: {value!r} for a map of {len(pairs)}"
    if "$entries" in value:
        if len(value["$entries"]) != len(pairs):
            return f"{path}: {value!r} for {len(pairs)} entries"
        return "" if all(any(not _pair(p, e) for e in value["$entries"]) for p in pairs) else f"{path}: other entries"
    for key, item in pairs:
        text = written(_key(key))
        if text not in value:
            return f"{path}: without the key {text}"
        if wrong := misfit(item, value[text], f"{path}.{text}"):
            return wrong
    return ""


def _order(tag: str, pairs: list[list[Json]], value: dict[str, Json], path: str) -> str:
    if tag not in _ORDERED or "$entries" in value:
        return ""
    wanted = [written(_key(key)) for key, _ in pairs]
    return "" if list(value) == wanted else f"{path}: the keys as {list(value)} instead of {wanted}"


def _pair(pair: list[Json], entry: list[Json]) -> str:
    return misfit(pair[0], entry[0]) or misfit(pair[1], entry[1])


def _key(node: Json) -> str:
    if isinstance(node, bool):
        return str(node).lower()
    if isinstance(node, str):
        return node
    ((tag, payload),) = node.items()
    return str(_scalar(tag, payload))


def _plain(expected: Json, value: Json, path: str) -> str:
    return "" if expected == value else f"{path}: {value!r} for {expected!r}"


def _base64(items: list[dict[str, str]]) -> str:
    import base64

    return base64.b64encode(bytes(int(item["byte"]) % 256 for item in items)).decode()


def _same(expected: Json, value: Json) -> bool:
    if isinstance(expected, Decimal):
        return number(value) and same_number(expected, value)
    return type(expected) is type(value) and expected == value


def number(value: Json) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def same_number(a: int | Decimal, b: int | Decimal) -> bool:
    """In value and scale; 1.6777216E7 and 16777216 have the same."""
    return Decimal(a).as_tuple() == Decimal(b).as_tuple()


def _scalar(tag: str, payload: str) -> Json:
    if tag in _WHOLE:
        return int(payload)
    if tag in _REAL:
        return payload if payload.lstrip("-") in ("NaN", "Infinity") else Decimal(payload)
    if tag in _TRUTH:
        return payload == "true"
    if tag.startswith("java.util.Optional"):
        return None if payload == "empty" else Decimal(payload) if tag.endswith("Double") else int(payload)
    if tag == "java.util.BitSet":
        return [place for place, bit in enumerate(reversed(payload)) if bit == "1"]
    if tag == "java.time.Year":
        return payload
    return _time(tag, payload)


def _time(tag: str, payload: str) -> str:
    """Times of the old kind show the clock of the zone, UTC here."""
    if tag == "java.sql.Timestamp":
        text, _, fraction = payload.removesuffix("Z").replace("T", " ").partition(".")
        return f"{text}.{fraction}" if fraction else text
    forms = {"java.util.Date": "%Y-%m-%d %H:%M:%S", "java.util.GregorianCalendar": "%Y-%m-%d %H:%M:%S",
             "java.sql.Date": "%Y-%m-%d", "java.sql.Time": "%H:%M:%S"}  # fmt: skip
    if tag not in forms:
        return payload
    millis = int(payload.split(" ")[0])
    moment = datetime.fromtimestamp(millis // 1000, UTC).strftime(forms[tag])
    return f"{moment}.{millis % 1000:03}" if millis % 1000 and tag != "java.sql.Date" else moment
