"""sql and redis steps: what is sent, what is refused before anything is, whose time it is."""

import pytest

from workbench.model import json
from workbench.model.result import Cause, Failure, Verdict
from workbench.model.suite import Connection, RedisStep, ScriptStep, SqlStep
from workbench.plugin_api import Answer, RedisCall, SqlCall

PLAN = {
    "environment": "test",
    "connections": {
        "orders": Connection(url="postgresql://${config.host}/orders", user="li", secret="password", max_rows=5),
        "cache": Connection(url="redis://127.0.0.1:6379/0", writable=True),
    },
    "config": {"host": "db.test", "password": "s3cret-Pass"},
    "secrets": ("password",),
}
ROWS = Answer('{"columns":["a"],"rows":[{"a":10.50}],"count":1,"affected":0}', elapsed_us=1_500_000)


def sql(**options):
    head = {"id": "s", "step": "ask", "sql": "orders", "statement": "select a from t where id = :id"}
    return SqlStep(**head | options)


def test_a_sql_step_binds_its_request_and_asserts_on_rows(play):
    step = sql(request='{"id": "${ctx.id}"}', assert_="response.rows[0].a same 10.50\nrequest.parameters.id == 7")
    write = ScriptStep(id="w", step="write", script='$app.addContext("id", 7)')
    outcome = play(write, step, reply=lambda call: ROWS, **PLAN)
    assert outcome.case.verdict is Verdict.PASSED
    (call,) = outcome.invoker.calls
    assert isinstance(call, SqlCall)
    assert (call.statement, call.parameters, call.timeout_ms) == (step.statement, '{"id":7}', 5000)
    source = call.source
    assert (source.url, source.user, source.password) == ("postgresql://db.test/orders", "li", "s3cret-Pass")
    assert (source.writable, source.max_rows) == (False, 5)
    assert "s3cret" not in repr(call)
    attempt = outcome.named("ask").attempts[0]
    assert json.loads(attempt.request) == {"statement": step.statement, "parameters": {"id": 7}}


def test_time_of_data_is_no_time_of_calls(play):
    outcome = play(sql(request='{"id":1}', assert_="elapsed == 1500"), reply=lambda call: ROWS, **PLAN)
    times = outcome.step.attempts[0].times
    assert (times.call, times.data) == (0, 1_500_000)
    script = ScriptStep(id="s", step="s", script='$app.sql("orders").query("select 1")\n$app.redis("cache").get("a")')
    times = play(script, reply=lambda call: ROWS, **PLAN).step.attempts[0].times
    assert times.call == 0
    assert times.data > 0


def test_a_redis_step_sends_its_request(play):
    step = RedisStep(id="r", step="get", redis="cache", request='["GET","a"]', assert_='response == "x"')
    outcome = play(step, reply=lambda call: Answer('"x"'), **PLAN)
    assert outcome.case.verdict is Verdict.PASSED
    (call,) = outcome.invoker.calls
    assert isinstance(call, RedisCall)
    assert call.commands == '["GET","a"]'


def test_keywords_ask_and_log_what_was_left_out(play):
    script = """
row = $app.sql("orders").one("select a from t where id in (:ids)", {"ids": [1, 2]}, timeout="9s")
$app.addContext("a", row["a"])
$app.assertEquals(0, $app.sql("orders").execute("delete from t"))
"""
    left_out = Answer(ROWS.response, warnings=("only the first 5 rows are kept",))
    outcome = play(ScriptStep(id="s", step="s", script=script), reply=lambda call: left_out, **PLAN)
    assert outcome.case.verdict is Verdict.PASSED
    first, second = outcome.invoker.calls
    assert (first.parameters, first.timeout_ms, second.timeout_ms) == ('{"ids":[1,2]}', 9000, 5000)
    assert json.loads(outcome.case.context) == {"a": json.loads("10.50")}
    assert [entry.level for entry in outcome.step.attempts[0].log] == ["WARN", "WARN"]


def test_a_failure_inside_a_script_keeps_its_cause(play):
    refused = Answer(failure=Failure(Cause.QUERY, "orders refused the statement: no table"))
    script = ScriptStep(id="s", step="s", script='$app.sql("orders").query("select 1")')
    outcome = play(script, reply=lambda call: refused, **PLAN)
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.ERROR, Cause.QUERY)


@pytest.mark.parametrize(
    ("step", "cause", "words"),
    [
        (sql(sql="oders"), Cause.CONFIG, "orders"),
        (sql(statement="select ${ctx.id}"), Cause.SCRIPT, ":name"),
        (sql(sql="cache"), Cause.SCRIPT, "is a Redis"),
        (RedisStep(step="r", redis="orders", request='["GET","a"]'), Cause.SCRIPT, "is a database"),
        (RedisStep(step="r", redis="cache"), Cause.SCRIPT, "command"),
        (ScriptStep(step="s", script='$app.sql("oders").query("select 1")'), Cause.CONFIG, "orders"),
    ],
)
def test_what_cannot_be_asked_is_found_before_any_call(play, step, cause, words):
    outcome = play(step, reply=lambda call: ROWS, **PLAN)
    failure = outcome.case.failure
    assert failure.cause is cause
    assert words in f"{failure.message} {failure.hint}"
    assert not outcome.invoker.calls


def test_a_password_that_is_nowhere_is_found_before_any_call(play):
    outcome = play(sql(request='{"id":1}'), reply=lambda call: ROWS, **PLAN | {"config": {"host": "h"}})
    assert outcome.case.failure.cause is Cause.CONFIG
    assert "password" in outcome.case.failure.message
    assert not outcome.invoker.calls
