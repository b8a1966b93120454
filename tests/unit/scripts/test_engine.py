"""Running scripts: what they can do, what crosses the border, where errors point to."""

import os
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import AssertionFailed, KeywordError, ScriptError, StoppedError, UnknownNameError, WorkbenchError
from workbench.expr.compare import identical
from workbench.plugin_api import KeywordInfo
from workbench.plugins.memory import MemoryScope
from workbench.scripts import Limits, ScriptEngine

Run = Callable[..., None]


@pytest.fixture
def run(engine: ScriptEngine, scope: MemoryScope) -> Run:
    return lambda text, **options: engine.run(engine.compile(text), scope, **options)


def test_keywords_read_and_write_the_step(run: Run, scope: MemoryScope) -> None:
    scope.row = {"id": 9007199254740993}
    run('for n in range(3):\n    $app.addContext(f"k{n}", $app.getRow("id") + n)')
    assert scope.values == {"k0": 9007199254740993, "k1": 9007199254740994, "k2": 9007199254740995}


def test_print_goes_to_the_log_line_by_line(run: Run, scope: MemoryScope) -> None:
    run('print("a", end="")\nprint("b\\nc", 1)\n$app.upper("x")\nprint("tail", end="")')
    assert scope.logged == [("INFO", "ab"), ("INFO", "c 1"), ("INFO", "tail")]


def test_a_flood_of_output_is_cut_and_said_so(run: Run, scope: MemoryScope) -> None:
    run('for n in range(200):\n    print("x" * 100)', limits=Limits(output_bytes=1000))
    assert len(scope.logged) < 200
    assert scope.logged[-1] == ("INFO", "… further output of print() is dropped")


def test_an_object_of_a_keyword_has_its_methods_only(run: Run, scope: MemoryScope) -> None:
    run('$app.addContext("x", $app.tool("tool-util").call("com.example.Log#print", 1.50, [True]))')
    assert scope.values["x"] == ["tool-util", "com.example.Log#print", Decimal("1.5"), [True]]
    with pytest.raises(KeywordError, match="nothing called hidden"):
        run('$app.tool("t").hidden()')
    with pytest.raises(ScriptError, match="no attribute"):
        run('$app.tool("t").secret')
    with pytest.raises(KeywordError, match=r"script line 1: call: .*missing 1 required positional argument: 'target'"):
        run('$app.tool("t").call()')


def test_a_keyword_that_only_running_shows_to_be_unknown(run: Run) -> None:
    with pytest.raises(KeywordError, match=r"no keyword \$app\.uper\n.*upper"):
        run('eval("_app.uper(1)")')


def test_what_a_keyword_needs_from_outside_can_be_seen(engine: ScriptEngine) -> None:
    script = engine.compile('$app.addContext("a", $app.getRow("b"))', where="x")
    assert script.references == {("addContext", "a"), ("getRow", "b")}
    assert script.keywords == {"addContext", "getRow"}
    assert script.text.startswith("$app.addContext")
    assert engine.compile(script.text, where="x") is script


def test_sleeping_is_the_scope_s(run: Run, scope: MemoryScope) -> None:
    run("import time\ntime.sleep(0.25)")
    assert scope.slept == [0.25]


def test_clocks_show_the_environment_s_zone(run: Run, scope: MemoryScope) -> None:
    run(
        "from datetime import datetime\n"
        '$app.addContext("zone", datetime.now().astimezone().strftime("%z"))\n$app.addContext("kw", $app.where())'
    )
    assert scope.values == {"zone": "+0800", "kw": "Asia/Shanghai"}


def test_each_run_starts_with_nothing_of_the_last(run: Run) -> None:
    run("left = 1")
    with pytest.raises(ScriptError, match="'left' is not defined"):
        run("print(left)")


# --- values ---------------------------------------------------------------------------------------------------------

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**40, max_value=10**400)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)


@given(values)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_json_value_comes_back_as_it_went_in(engine: ScriptEngine, value: Any) -> None:
    scope = MemoryScope()
    scope.row = {"in": value}
    engine.run(engine.compile('$app.addContext("out", $app.getRow("in"))'), scope)
    assert identical(scope.values["out"], value)


@pytest.mark.parametrize("wrapped", ["[value]", '{"a": value}'])
def test_a_value_is_whole_or_refused_however_deep(run: Run, scope: MemoryScope, wrapped: str) -> None:
    script = f'value = 1\nfor _ in range(%d):\n    value = {wrapped}\n$app.addContext("deep", value)'
    run(script % 199)
    value = scope.values["deep"]
    for _ in range(199):
        value = value["a"] if isinstance(value, dict) else value[0]
    assert value == 1
    for depth in (200, 600, 100_000):
        with pytest.raises(KeywordError, match="nested more than 199 levels deep"):
            run(script % depth)


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_float_of_a_script_becomes_the_decimal_it_looks_like(engine: ScriptEngine, number: float) -> None:
    scope = MemoryScope()
    engine.run(engine.compile(f'$app.addContext("x", {number!r})'), scope)
    assert scope.values["x"] == Decimal(repr(number))
    assert isinstance(scope.values["x"], Decimal)


def test_decimals_calculate_inside(run: Run, scope: MemoryScope) -> None:
    scope.row = {"amount": Decimal("5000000000.10")}
    run('$app.addContext("x", $app.getRow("amount") * 3)')
    assert identical(scope.values["x"], Decimal("15000000000.30"))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{1, 2}", "set .*sorted"),
        ("b'x'", "bytes .*base64"),
        ("float('nan')", "nan is no JSON number"),
        ("float('-inf')", "-inf is no JSON number"),
        ("{1: 2}", "key 1 of an object is not text"),
        ("[lambda: 1]", "function or coroutine cannot be given"),
    ],
)
def test_what_json_has_not_is_refused(run: Run, value: str, message: str) -> None:
    with pytest.raises(KeywordError, match=f"(?s){message}"):
        run(f"$app.same({value})")


@pytest.mark.parametrize(
    "text", ["x = 1\nasync def check():\n    assert 1 == 2\ncheck()", "if True:\n    async def f(): pass"]
)
def test_async_is_refused_since_what_nobody_awaits_would_pass(run: Run, text: str) -> None:
    with pytest.raises(ScriptError, match="scripts have no async") as caught:
        run(text)
    assert caught.value.line == 2
    assert "write def" in caught.value.hint


@pytest.mark.parametrize("value", [object(), {"a": [object()]}, "\ud83d"])
def test_what_a_script_cannot_take_is_the_keyword_s_fault(run: Run, scope: MemoryScope, value: Any) -> None:
    scope.row = {"in": value}
    with pytest.raises(KeywordError, match="script line 2: getRow gave back what a script cannot take"):
        run('x = 1\n$app.getRow("in")')
    run('try:\n    $app.getRow("in")\nexcept RuntimeError:\n    $app.addContext("caught", True)')
    assert scope.values == {"caught": True}


# --- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x = 1\ny = x / 0", 2, "ZeroDivisionError: division by zero, in: y = x / 0"),
        ("def f(n):\n    raise ValueError('no')\n\nf(1)", 2, "ValueError: no"),
        ("x = (\n1", 1, r"'\(' was never closed"),
        ("x = 1\ny = 'abc", 2, "syntax error"),
        ("if x:\ny = 1", 2, "syntax error: Expected an indented block"),
        ("x = 1\n\ndef f():\n    yield x", 4, "scripts have no yield"),
        ("x = 1\n$x.y()", 2, r"syntax error.*\$"),
        ("x = 1\nprint(nothing)", 2, "name 'nothing' is not defined"),
        ("x = 1\n$app.upperr('a')", 2, r"no keyword \$app.upperr.*\n.*upper"),
        ("x = 1\ny = $app.upper", 2, r"\$app.upper is not called"),
        ("x = 1\ngetattr($app, 'nope')", 2, r"'\$app' object has no attribute 'nope'"),
        ("x = 1\nraise SystemExit", 2, "SystemExit"),
    ],
)
def test_errors_name_the_line(run: Run, text: str, line: int, message: str) -> None:
    with pytest.raises(ScriptError, match=f"(?s){message}") as caught:
        run(text)
    assert caught.value.line == line
    assert f"script line {line}" in str(caught.value)
    assert "_app" not in str(caught.value)
    assert "_wb_line" not in str(caught.value)


def test_where_stands_before_the_line(engine: ScriptEngine, scope: MemoryScope) -> None:
    script = engine.compile("1/0", where="scenarios/pay.yaml step pay, after")
    with pytest.raises(ScriptError, match=r"^scenarios/pay.yaml step pay, after, script line 1: Zero"):
        engine.run(script, scope)


def test_the_scripts_error_is_found_when_it_is_compiled(engine: ScriptEngine) -> None:
    with pytest.raises(ScriptError, match="no keyword"):
        engine.compile("if False: $app.nope()")


def test_a_keyword_s_error_comes_through_with_the_line(run: Run) -> None:
    with pytest.raises(UnknownNameError, match="no 'b'") as caught:
        run('x = 1\n$app.getContext("b")')
    assert caught.value.where == "script line 2"
    with pytest.raises(KeywordError, match="script line 1: breaks: disk on fire"):
        run("$app.breaks()")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("$app.upper()", "missing a required argument: 'text'"),
        ("$app.upper('a', 'b')", "too many positional"),
        ("$app.upper(1)", "text must be text, not a whole number"),
        ("$app.upper(None)", "text must be text, not null"),
        ("$app.must(1)", "condition must be true or false, not a whole number"),
        ("$app.upper(txt='a')", "upper: "),
    ],
)
def test_wrong_arguments_are_told_with_the_usage(run: Run, call: str, message: str) -> None:
    with pytest.raises(KeywordError, match=message) as caught:
        run(call)
    assert caught.value.hint.startswith("write $app.")


def test_assertions_fail_and_keep_both_sides(run: Run) -> None:
    with pytest.raises(AssertionFailed, match="script line 2: it does not hold") as caught:
        run("x = 1\n$app.must(x == 2)")
    assert (caught.value.expected, caught.value.actual) == ("true", "false")
    with pytest.raises(AssertionFailed, match="assert 1 == 2"):
        run("x = 1\nassert x == 2")
    with pytest.raises(AssertionFailed, match="too small"):
        run("assert 1 > 2, 'too small'")


def test_a_decimal_beside_a_float_is_explained(run: Run, scope: MemoryScope) -> None:
    scope.row = {"amount": Decimal("0.1")}
    with pytest.raises(ScriptError) as caught:
        run('$app.getRow("amount") * 1.5')
    assert '$app.decimal("1.5")' in caught.value.hint
    with pytest.raises(AssertionFailed) as failed:
        run('assert $app.getRow("amount") == 0.1')
    assert '$app.decimal("1.5")' in failed.value.hint


def test_a_script_may_catch_a_keyword_s_failure(run: Run, scope: MemoryScope) -> None:
    run('try:\n    $app.must(False)\nexcept AssertionError as e:\n    print("caught", e)\n$app.addContext("on", True)')
    assert scope.logged == [("INFO", "caught it does not hold")]
    assert scope.values == {"on": True}


def test_an_error_after_a_caught_one_is_its_own(run: Run) -> None:
    with pytest.raises(ScriptError, match="division by zero"):
        run("try:\n    $app.must(False)\nexcept AssertionError:\n    pass\n1/0")


# --- limits and isolation -------------------------------------------------------------------------------------------

QUICK = Limits(seconds=0.3, memory_bytes=16 * 1024 * 1024, suspensions=50, recursion=60)
PATIENT = Limits(seconds=20, memory_bytes=16 * 1024 * 1024, suspensions=50, recursion=60)  # for busy machines


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x = 1\nfor i in range(3):\n    x += 1\n\nwhile True:\n    x = 1", (5, 6), "computed for more than 0.3 s"),
        ("def spin():\n    while True: pass\n\nspin()", (2,), "computed for more than 0.3 s"),
        ("x = 1\nsum(range(10**12))", (2,), "computed for more than 0.3 s"),
        ("x = []\nwhile True:\n    x.append('a' * 100000)", (2, 3), "more than 16 MiB of memory"),
        ("x = 1\ny = 'a' * 10**10", (2,), "more than 16 MiB of memory"),
        ("x = 1\ny = 10 ** 10 ** 9", (2,), "more than 16 MiB of memory"),
        ("x = [0]\ny = [x for i in range(10**9)]", (2,), "more than 16 MiB of memory"),
        ("def f(n):\n    return f(n + 1)\n\nf(1)", (2,), "calls itself more than 60 levels"),
        ("while True:\n    $app.upper('x')", (2,), "called keywords more than 50 times"),
    ],
)
def test_limits_end_a_script_with_its_line(run: Run, text: str, line: tuple[int, ...], message: str) -> None:
    with pytest.raises(ScriptError, match=message) as caught:
        run(text, limits=QUICK if "computed for" in message else PATIENT)
    assert caught.value.line in line


@pytest.mark.parametrize(
    "text",
    [
        "open('/etc/passwd').read()",
        "open('x.txt', 'w')",
        "from pathlib import Path\nPath('/etc/passwd').read_text()",
        "import os\nos.system('id')",
        "import os\nos.popen('id')",
        "import os\nos.environ['PATH']",
        "import os\nos.getenv('PATH')",
        "import os\nos.listdir('/')",
        "import os\nos.remove('/etc/passwd')",
        "import socket",
        "import subprocess",
        "import ctypes",
        "import urllib.request",
        "import pydantic_monty",
        "import sys\nsys.modules['os']",
        "__import__('os')",
        "().__class__.__base__.__subclasses__()",
        "(lambda: 0).__globals__",
        "(lambda: 0).__code__",
        "$app.upper.__self__",
        "$app.__class__.__init__",
        "$app.__dict__",
        "eval('__import__(\"os\")')",
        "exec('import socket')",
        "'{0.__class__.__mro__}'.format(1)",
        "import asyncio\nasyncio.open_connection('127.0.0.1', 80)",
    ],
)
def test_nothing_outside_can_be_reached(run: Run, text: str) -> None:
    with pytest.raises((ScriptError, KeywordError)) as caught:
        run(text)
    assert caught.value.where.startswith("script line ")


def test_the_sandbox_says_why(run: Run) -> None:
    with pytest.raises(ScriptError) as caught:
        run("open('/etc/passwd')")
    assert "sandbox" in caught.value.hint


def test_no_coroutine_ever_reaches_a_script(run: Run, scope: MemoryScope) -> None:
    """The keyword's coroutine is refused; with -W error an unawaited one would fail the test, too."""
    with pytest.raises(KeywordError, match="gave back a coroutine, so nothing was done"):
        run('$app.addContext("x", $app.later())')
    assert scope.values == {}


def test_only_the_synchronous_interpreter_is_used() -> None:
    import workbench.scripts.engine as module

    assert module.Monty.__name__ == "Monty"
    assert not hasattr(module, "AsyncMonty")


def test_a_stop_ends_a_script_that_catches_everything(run: Run, scope: MemoryScope) -> None:
    scope.stopped = True
    with pytest.raises(StoppedError):
        run("while True:\n    try:\n        $app.upper('x')\n    except BaseException:\n        pass")


def test_the_time_of_everything_is_bounded(run: Run, scope: MemoryScope) -> None:
    scope.sleep = lambda seconds: time.sleep(seconds)  # type: ignore[method-assign]
    began = time.monotonic()
    with pytest.raises(ScriptError, match=r"took longer than 0\.2 s") as caught:
        run("import time\nwhile True:\n    time.sleep(0.05)", seconds=0.2)
    assert caught.value.line == 3
    assert time.monotonic() - began < 20


def test_a_crash_of_the_sandbox_harms_nobody(engine: ScriptEngine, scope: MemoryScope) -> None:
    """Deep nesting is the classic way to overflow a parser's stack."""
    with pytest.raises(ScriptError):
        engine.compile("x = " + "(" * 100_000 + ")" * 100_000)
    engine.run(engine.compile('$app.addContext("alive", True)'), scope)
    assert scope.values == {"alive": True}


def test_many_threads_at_once_do_not_see_each_other(engine: ScriptEngine) -> None:
    script = engine.compile(
        'mine = $app.getRow("n")\nfor i in range(5):\n    $app.upper("x")\n$app.addContext("n", mine)'
    )

    def one(number: int) -> int:
        scope = MemoryScope()
        scope.row = {"n": number}
        engine.run(script, scope)
        return int(scope.values["n"])

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(one, range(64))) == list(range(64))


def test_a_closed_engine_refuses(keywords: dict[str, KeywordInfo], scope: MemoryScope) -> None:
    engine = ScriptEngine(keywords)
    script = engine.compile("x = 1")
    before = set(threading.enumerate())
    engine.run(script, scope)
    engine.close()
    assert set(threading.enumerate()) <= before
    with pytest.raises(ScriptError, match="closed"):
        engine.run(script, scope)


@pytest.mark.parametrize(("zone", "shown"), [("+05:30", "+0530"), ("-03:00", "-0300"), ("UTC", "+0000")])
def test_zones_by_name_and_offset(engine: ScriptEngine, zone: str, shown: str) -> None:
    scope = MemoryScope(timezone=zone)
    script = engine.compile("from datetime import datetime\nprint(datetime.now().astimezone().strftime('%z'))")
    engine.run(script, scope)
    assert scope.logged == [("INFO", shown)]


def test_an_unknown_zone_is_told(engine: ScriptEngine) -> None:
    with pytest.raises(ScriptError, match="no time zone 'Mars/Base'"):
        engine.run(engine.compile("x = 1"), MemoryScope(timezone="Mars/Base"))


def test_closing_leaves_no_process(keywords: dict[str, KeywordInfo], scope: MemoryScope) -> None:
    def children() -> set[str]:
        found = subprocess.run(["pgrep", "-P", str(os.getpid()), "monty"], capture_output=True, text=True, check=False)
        return set(found.stdout.split())

    before = children()  # of engines of other tests, that may be ending
    with ScriptEngine(keywords) as engine:
        engine.run(engine.compile("x = 1"), scope)
        (own,) = children() - before
    deadline = time.monotonic() + 60
    while own in children() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert own not in children()


def test_every_failure_is_a_workbench_error(run: Run) -> None:
    for text in ("raise KeyboardInterrupt", "raise BaseException('x')", "import re\nre.compile('(')", "int('x')"):
        with pytest.raises(WorkbenchError):
            run(text)


@pytest.mark.parametrize(
    "text",
    [
        'same("\\ud800")', "same('a\\uDFFFb')", 'same("\\U0000d800")', 'same(f"x{1}\\ud800")', 'same("""\n\\ud800""")',
        'same("\\ud83d\\ude00")',
    ],
)  # fmt: skip
def test_half_of_a_character_is_refused_where_it_is_written(engine: ScriptEngine, text: str) -> None:
    """The sandbox would make U+FFFD of it, and a request would carry what nobody wrote."""
    with pytest.raises(ScriptError, match="half of a character") as caught:
        engine.compile(f"x = 1\n$app.{text}", where="w")
    assert caught.value.line == (3 if "\n" in text else 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'\\\\ud800'", "\\ud800"), ("r'\\ud800'", "\\ud800"), ("'\\U0001F600'", "\U0001f600"), ("'😀'", "😀"),
        ("len(b'\\ud800')", 6), ("'\\ufffd'", "\ufffd"), ("'\\ud7ff\\ue000'", "\ud7ff\ue000"),
    ],
)  # fmt: skip
def test_what_only_looks_like_half_of_a_character_stays(
    engine: ScriptEngine, scope: MemoryScope, text: str, value: object
) -> None:
    engine.run(engine.compile(f"$app.addContext('x', {text})  # \\ud800"), scope)
    assert scope.get_context("x") == value


def test_all_that_is_wrong_with_a_script_is_told_from_top_to_bottom(engine: ScriptEngine) -> None:
    text = "$app.addContxt('a', 1)\n\nif True:\n    $app.uper(1) = = 2\n$app.same\nx = '\\ud800'\n"
    found = [(error.line, str(error).split(", in:")[0].split(": ", 1)[-1]) for error in engine.errors(text, where="w")]
    assert [line for line, _ in found] == [1, 4, 4, 5, 6]
    assert "there is no keyword $app.addContxt" in found[0][1]
    assert sum("syntax error" in message for _, message in found) == 1
    with pytest.raises(ScriptError, match="addContxt"):
        engine.compile(text)
    assert engine.errors("$app.upper('a')") == []


def test_a_script_that_was_checked_is_not_compiled_again(keywords, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptEngine(keywords) as own:
        assert own.errors("$app.upper('a')") == []
        monkeypatch.setattr(own, "_session", None)
        assert own.compile("$app.upper('a')", where="one").where == "one"
        assert own.compile("$app.upper('a')", where="two").where == "two"
