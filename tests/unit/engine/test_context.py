"""Context layers: run → scenario → case, and what cases may see of each other."""

from engine_steps import PATIENT, call

from workbench.model import json
from workbench.model.plan import Target
from workbench.model.result import Cause, Verdict
from workbench.model.suite import Case, ScriptStep, SharedSteps, ToolStep, UseStep


def script(name: str, source: str) -> ScriptStep:
    return ScriptStep(id=name, step=name, script=source)


def test_extracted_value_reaches_the_next_step_exactly(play):
    first = call("a", '[{"id": 9223372036854775807123, "amount": 5000000000.10}]', extract={"all": "response[0]"})
    second = call("b", '["${ctx.all}", "id ${ctx.all.id}"]')
    outcome = play(first, second)
    assert outcome.requests[1] == '[{"id":9223372036854775807123,"amount":5000000000.10},"id 9223372036854775807123"]'


def test_script_writes_what_a_request_reads(play):
    outcome = play(script("s", '$app.addContext("key", "v1")'), call(request='["${ctx.key}"]'))
    assert outcome.requests == ['["v1"]']
    assert json.loads(outcome.case.context) == {"key": "v1"}


def test_unknown_key_names_near_ones(play):
    outcome = play(script("s", '$app.addContext("paymentId", 1)'), call(request='["${ctx.paymentid}"]'))
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.ERROR, Cause.DATA)
    assert "paymentId" in outcome.case.failure.hint


def test_reading_what_only_another_case_wrote_names_it_and_serial(play):
    writer = Case(id="w", case="writer", steps=(script("s", '$app.addContext("orderId", 1)'),))
    reader = Case(id="r", case="reader", steps=(call(request='["${ctx.orderId}"]'),))
    outcome = play(cases=[writer, reader], concurrency=1)
    failure = next(case for case in outcome.cases if case.name == "reader").failure
    assert failure.cause is Cause.DATA
    assert "'writer'" in failure.hint
    assert "serial: true" in failure.hint


def test_serial_scenario_hands_on_what_was_written(play):
    writer = Case(id="w", case="writer", steps=(script("s", '$app.addContext("orderId", 7)'),))
    reader = Case(id="r", case="reader", steps=(call(request='["${ctx.orderId}"]'),))
    outcome = play(cases=[writer, reader], scenario={"serial": True})
    assert outcome.requests == ["[7]"]
    assert outcome.summary.verdict is Verdict.PASSED


def test_what_a_serial_case_removed_is_gone_for_the_later_ones(play):
    remover = Case(id="w", case="remover", steps=(script("s", '$app.removeContext("orderId")'),))
    reader = Case(id="r", case="reader", steps=(call(request='["${ctx.orderId:-none}"]'),))
    setter = Case(id="x", case="setter", steps=(script("s2", '$app.addContext("orderId", 8)'),))
    last = Case(id="l", case="last", steps=(call("again", request='["${ctx.orderId:-none}"]'),))
    around = {"serial": True, "before": '$app.addContext("orderId", 7)'}
    outcome = play(cases=[remover, reader, setter, last], scenario=around)
    assert outcome.requests == ['["none"]', "[8]"]


def test_what_a_setup_removed_from_the_given_context_is_gone_for_all(play):
    step = call(request='["${ctx.a:-none}", "${ctx.b:-none}"]')
    outcome = play(step, scenario={"before": '$app.removeContext("a")'}, context={"a": 1, "b": 2})
    assert outcome.requests == ['["none",2]']


def test_a_case_that_is_not_serial_removes_for_itself_alone(play):
    remover = Case(id="w", case="remover", steps=(script("s", '$app.removeContext("a")'),))
    reader = Case(id="r", case="reader", steps=(call(request='["${ctx.a:-none}"]'),))
    outcome = play(cases=[remover, reader], scenario={"before": '$app.addContext("a", 7)'}, concurrency=1)
    assert outcome.requests == ["[7]"]


def test_scenario_setup_is_seen_by_all_cases_and_changed_by_none(play):
    cases = [
        Case(
            id=f"c{n}",
            case=f"c{n}",
            steps=(call("a", '["${ctx.base}"]'), script("s", f'$app.addContext("base", {n})')),
        )
        for n in range(8)
    ]
    outcome = play(cases=cases, scenario={"before": '$app.addContext("base", "set up")'})
    assert outcome.requests == ['["set up"]'] * 8


def test_concurrent_cases_do_not_see_each_other(play):
    cases = [
        Case(
            id=f"c{n}",
            case=f"c{n}",
            steps=(
                script("w", f'$app.addContext("mine", {n})'),
                call("a", '["wait"]'),
                call("b", f'["${{ctx.mine}}", {n}]'),
            ),
        )
        for n in range(40)
    ]
    outcome = play(cases=cases, concurrency=40, defaults=PATIENT)
    seen = [json.loads(text) for text in outcome.requests if "wait" not in text]
    assert len(seen) == 40
    assert all(mine == number for mine, number in seen)
    assert outcome.invoker.most > 1


def test_shared_steps_get_their_parameters(play):
    shared = {
        "common.login": SharedSteps(
            parameters={"user": None, "role": "guest"},
            steps=(call("log in", '["${param.user}", "${param.role}"]', extract={"token": "response[0]"}),),
        )
    }
    use = UseStep(id="u", step="u", use="common.login", with_={"user": "${row.name}"})
    outcome = play(use, call("after", '["${ctx.token}"]'), shared=shared, rows=[{"name": "li"}])
    assert outcome.requests == ['["li","guest"]', '["li"]']
    assert [(step.id, step.parent) for step in outcome.steps] == [("u.log in", "u"), ("u", ""), ("after", "")]
    assert outcome.summary.steps.total == 2


def test_earlier_steps_are_reachable_by_name(play):
    outcome = play(call("create order", '[{"id": 5}]'), call("b", '["${steps[\\"create order\\"].response[0].id}"]'))
    assert outcome.requests[1] == "[5]"


def test_each_item_goes_on_with_the_context_of_an_earlier_run(play):
    contexts = {"case1#1": {"id": 11}, "case1#2": {"id": 22}}
    outcome = play(call("a", '["${ctx.id}"]'), rows=[{"n": 1}, {"n": 2}], contexts=contexts)
    assert sorted(outcome.requests) == ["[11]", "[22]"]


def test_tool_steps_and_tools_of_scripts_have_the_environments_time_zone(play):
    tool = ToolStep(id="t", step="t", tool="util com.example.Day#of(java.util.Date)", request='["2026-01-31 00:00:00"]')
    called = script("s", '$app.tool("util").call("com.example.Day#of", "2026-01-31 00:00:00")')
    library = Target(tool=("util.jar",), timezone="Asia/Shanghai")
    outcome = play(tool, called, targets={"util": library}, timezone="Asia/Shanghai")
    assert [sent.timezone for sent in outcome.invoker.calls] == ["Asia/Shanghai"] * 2
