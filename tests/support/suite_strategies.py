"""Suites as hypothesis makes them: every field, and texts that YAML readers love to misread."""

import itertools
from collections.abc import Mapping
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from workbench.model import json
from workbench.model.suite import (
    UNREAD,
    Case,
    CaseGroup,
    CauseRule,
    Connection,
    Defaults,
    Dependency,
    DubboStep,
    Environment,
    HttpStep,
    Quarantine,
    RedisStep,
    Refresh,
    Retry,
    Scenario,
    ScriptStep,
    SharedSteps,
    SqlStep,
    Suite,
    SuiteFile,
    Tls,
    ToolStep,
    UseStep,
)

# words that YAML readers love to misread, and pieces that break blocks, quotes and comments
WORDS = [
    "",
    " ",
    "yes",
    "null",
    "~",
    "true",
    "1",
    "00123",
    "1.50",
    "1e3",
    "0x1F",
    "2026-01-01",
    "1:30",
    "-",
    "- a",
    "?",
]
WORDS += ["a: b", "a #b", "#a", "a:", ":a", "[a", "{a}", "a, b", "'a'", '"a"', "\\", "%a", "@a", "`a", "&a", "*a", "!a"]
WORDS += [
    "|",
    ">",
    "---",
    "...",
    "--- a",
    "a\n",
    "\na",
    "  a\nb",
    "a\n\n\nb\n\n",
    "\t",
    "\ta",
    "a\n\tb",
    "a ",
    "a \nb ",
]
WORDS += [
    "\r",
    "a\rb",
    "\x85",
    "\u2028",
    "\ufeff",
    "\0",
    "\x1b",
    "\x7f",
    "é",
    "订单",
    "😀",
    "=",
    "<<",
    "a\n# b",
    " \n",
    "\n",
]
TEXT = st.one_of(
    st.sampled_from(WORDS), st.text(max_size=12), st.lists(st.sampled_from(WORDS), max_size=3).map("".join)
)
NAME = st.one_of(TEXT.filter(bool), st.text("abc", min_size=1, max_size=3))
NUMBER = st.one_of(
    st.integers(),
    st.sampled_from([2**63, 10**40]),
    st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: str(number) != "-0"),  # reads as 0
    st.sampled_from([Decimal("5000000000.10"), Decimal("1E+30"), Decimal("0.0000000001"), Decimal("-0.00")]),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBER, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=6,
)
TEXTS = st.dictionaries(TEXT, TEXT, max_size=3)
LIST = st.lists(TEXT, max_size=3).map(tuple)
DURATION = st.sampled_from(["", "3", "500ms", "1.5s", "10m"])
REQUEST = st.one_of(
    st.none(), JSON.map(json.dumps), JSON.map(json.pretty), JSON.map(lambda value: f"\n {json.pretty(value)}\n\n")
)
LINE = st.sampled_from(['a == "0000"', "response.x[?@.a > 1].b size 2", 'a contains "x: # y"', "exception absent"])
ASSERT = st.one_of(
    st.none(),
    st.lists(LINE, max_size=3).map("\n".join),
    st.lists(LINE, max_size=3).map(lambda lines: "".join(f"{line}\n" for line in lines)),
    st.lists(st.one_of(LINE, st.dictionaries(st.just("response.a"), JSON, max_size=1)), max_size=3).map(tuple),
)
RETRY = st.builds(Retry, times=st.integers(0, 9), every=DURATION.filter(bool), until=TEXT)
SHARED_BY_STEPS = {
    "step": TEXT,
    "description": TEXT,
    "comment": TEXT,
    "disabled": st.booleans(),
    "when": TEXT,
    "before": TEXT,
    "after": TEXT,
    "request": REQUEST,
    "extract": TEXTS,
    "assert_": ASSERT,
    "timeout": DURATION,
    "retry": st.none() | RETRY,
}


def _read_by(kind: str) -> dict[str, Any]:
    """Without what a step of this kind would not read."""
    return {name: each for name, each in SHARED_BY_STEPS.items() if name.rstrip("_") not in UNREAD[kind]}


STEP = st.one_of(
    st.builds(DubboStep, **SHARED_BY_STEPS, dubbo=TEXT, subsystem=TEXT, version=TEXT, attachments=TEXTS, url=TEXT,
              group=TEXT, protocol=TEXT, tag=TEXT, serialization=TEXT, mode=st.sampled_from(["", "typed", "generic"]),
              unchecked=st.booleans(), oneway=st.booleans(), show_classes=st.booleans()),
    st.builds(HttpStep, **SHARED_BY_STEPS, http=TEXT, headers=TEXTS, query=TEXTS, form=TEXTS),
    st.builds(ToolStep, **SHARED_BY_STEPS, tool=TEXT),
    st.builds(SqlStep, **SHARED_BY_STEPS, sql=TEXT, statement=TEXT),
    st.builds(RedisStep, **SHARED_BY_STEPS | {"request": REQUEST.filter(bool)}, redis=TEXT),
    st.builds(ScriptStep, **_read_by("script"), script=TEXT),
    st.builds(UseStep, **_read_by("use"), use=TEXT, with_=st.dictionaries(TEXT, JSON, max_size=2)),
)  # fmt: skip
STEPS = st.lists(STEP, max_size=2).map(tuple)
QUARANTINE = st.builds(Quarantine, owner=TEXT, until=st.just("2026-03-31"), reason=TEXT)
STATE = st.sampled_from([("ready", None), ("draft", None)]) | QUARANTINE.map(lambda given: ("quarantined", given))
CASE = st.builds(
    Case, case=TEXT, description=TEXT, comment=TEXT, disabled=st.booleans(), priority=st.sampled_from(["P0", "P2"]),
    weight=st.integers(), tags=LIST, owner=TEXT, requirements=LIST, dataset=TEXT, timeout=DURATION, before=TEXT,
    after=TEXT, on_failure=st.sampled_from(["stop", "continue"]), setup=STEPS, steps=STEPS, teardown=STEPS,
)  # fmt: skip
CASE = st.tuples(CASE, STATE).map(lambda pair: replace(pair[0], state=pair[1][0], quarantine=pair[1][1]))
SCENARIO = st.builds(
    Scenario, scenario=TEXT, description=TEXT, comment=TEXT, disabled=st.booleans(), serial=st.booleans(), tags=LIST,
    before=TEXT, after=TEXT, setup=STEPS, teardown=STEPS, cases=st.lists(CASE, max_size=2).map(tuple),
)  # fmt: skip
GROUP = st.builds(
    SharedSteps, description=TEXT, comment=TEXT, parameters=st.dictionaries(TEXT, JSON, max_size=2), steps=STEPS
)
# without what looks like a password in a URL, which is refused
CONNECTION = st.builds(
    Connection, comment=TEXT, url=TEXT.filter(lambda text: "@" not in text), user=TEXT,
    writable=st.booleans(), max_rows=st.integers(), max_bytes=st.integers(), secret=TEXT,
)  # fmt: skip
# what is no path and no time zone is refused
MASKS = st.lists(st.sampled_from(["response.data.phone", 'response["größe"]', "ctx.x"]), max_size=3).map(tuple)
TLS = st.builds(Tls, trust=TEXT, certificate=TEXT, key=TEXT)
_ENVIRONMENT = st.builds(
    Environment, comment=TEXT, registries=LIST, subsystem_registries=st.dictionaries(TEXT, LIST, max_size=2),
    urls=TEXTS, hosts=TEXTS, config=st.dictionaries(TEXT, JSON, max_size=2), secrets=LIST, mask=MASKS,
    timezone=st.sampled_from(["", "Asia/Shanghai", "UTC", "+08:00"]),
    connections=st.dictionaries(TEXT, CONNECTION, max_size=2), consumer=TEXT, tls=st.none() | TLS,
)  # fmt: skip


def _with_secrets(environment: Environment, all_of_them: bool) -> Environment:
    """A password of a connection is one of the environment's secrets."""
    passwords = [each.secret for each in environment.connections.values() if each.secret]
    names = dict.fromkeys((*environment.secrets, *(environment.config if all_of_them else ()), *passwords))
    return replace(environment, secrets=tuple(names))


ENVIRONMENT = st.builds(_with_secrets, _ENVIRONMENT, st.booleans())
DEPENDENCY = st.builds(Dependency, comment=TEXT, version=TEXT, artifacts=LIST, sources=LIST, tool=LIST)
RULE = st.builds(
    CauseRule, label=TEXT, comment=TEXT, cause=st.sampled_from([(), ("TIMEOUT",), ("ASSERTION", "NETWORK")]),
    message=st.just("a.*b: #"), exception=st.sampled_from(["", "Sold$"]), side=st.sampled_from([None, "case"]),
    hint=TEXT,
)  # fmt: skip
CASE_GROUP = st.builds(
    CaseGroup, comment=TEXT, description=TEXT, owner=TEXT, cases=LIST, scenarios=LIST, tags=LIST, requirements=LIST,
    owners=LIST, priorities=st.sampled_from([(), ("P0", "P2")]),
)  # fmt: skip
FILE = st.builds(
    SuiteFile, suite=TEXT, subsystem=TEXT, version=TEXT, description=TEXT, comment=TEXT, owner=TEXT, group=TEXT,
    artifacts=LIST, sources=LIST, dependencies=st.dictionaries(TEXT.filter(bool), DEPENDENCY, max_size=2),
    environments=st.dictionaries(TEXT, ENVIRONMENT, max_size=2), default_environment=TEXT,
    config=st.dictionaries(TEXT, JSON, max_size=2),
    defaults=st.builds(Defaults, step=DURATION, hook=DURATION, case=DURATION, run=DURATION),
    causes=st.lists(RULE, max_size=2).map(tuple),
    case_groups=st.dictionaries(TEXT, CASE_GROUP, max_size=2),
    refresh=st.sampled_from(get_args(Refresh)),
)  # fmt: skip
SLUG = st.text("abcdé-1", min_size=1, max_size=5)
_GROUPS = st.dictionaries(st.sampled_from(["c.a.b", "c.x", "d.a", "a.z"]), GROUP, max_size=3)


def _numbered(suite: Suite) -> Suite:
    """With ids: scenarios and cases have to have one, every second step has."""
    numbers = itertools.count()

    def steps(of: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(step, id=f"t{number}" if (number := next(numbers)) % 2 else "") for step in of)

    def case(of: Case) -> Case:
        own = {name: steps(getattr(of, name)) for name in ("setup", "steps", "teardown")}
        return replace(of, id=f"c{next(numbers)}", **own)

    def scenario(of: Scenario) -> Scenario:
        own = {name: steps(getattr(of, name)) for name in ("setup", "teardown")}
        return replace(of, id=f"s{next(numbers)}", cases=tuple(map(case, of.cases)), **own)

    return replace(
        suite,
        scenarios={slug: scenario(each) for slug, each in suite.scenarios.items()},
        shared={name: replace(each, steps=steps(each.steps)) for name, each in suite.shared.items()},
    )


SUITE = st.builds(Suite, file=FILE, scenarios=st.dictionaries(SLUG, SCENARIO, max_size=3), shared=_GROUPS)
SUITE = SUITE.map(_numbered)


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type of the model, with every field given at times: for what has no form of its own."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        hints = get_type_hints(hint)
        names = [info.name for info in msgspec.structs.fields(hint)]
        return st.builds(hint, **{name: anything(hints[name]) for name in names})
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return st.lists(anything(inner[0]), max_size=2).map(tuple)
    if origin in (Union, UnionType):
        return st.one_of(*map(anything, inner))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return st.dictionaries(anything(inner[0]), anything(inner[1]), max_size=2)
    return {str: TEXT, bool: st.booleans(), int: st.integers(-(2**63), 2**63 - 1), NoneType: st.none()}[hint]
