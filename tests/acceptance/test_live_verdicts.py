"""What goes wrong with real providers, and the verdict and cause that a report gives it."""

import os
import signal
import threading
import time

import pytest

from workbench.discovery.readers import read_registry
from workbench.model.result import Side

PLACE = """
- step: place
  dubbo: com.example.order.BizOrderAiFacade#bizOrder(com.example.order.BizOrderRequest)
  request: '[{"buyerId": "b", "amount": 19.90}]'
  extract: {paymentId: response.data.paymentId}
  assert: |
    response.code == "0000"
    response.data.amount same 19.90
    response.data.items size 2
    response.data.paymentId starts_with "PAY"
"""


def step(target: str, request: str, rest: str = "") -> str:
    return f"- step: call\n  dubbo: {target}\n  request: '{request}'\n{rest}"


MORE_VARIANTS = ("code-changed", "item-lost", "field-renamed", "field-removed")
TRADE_QUERY = "com.example.trade.TransAiFacade#query(java.lang.String)"
PAY = "com.example.trade.TransAiFacade#payOrder(com.example.trade.PayOrderRequest)"


def test_all_is_well(write_suite, run_live):
    outcome = run_live(write_suite(PLACE))
    assert outcome.judged == ("PASSED", ""), outcome
    attempt = outcome.steps[0].attempts[0]
    assert attempt.mode == "typed"
    assert attempt.provider.startswith("[")


def await_gone(registry, provider, seconds=180):
    """Until the registry shows it no more; where it had to be forced, that is when its session is over."""
    deadline = time.monotonic() + seconds
    while any(
        one.url == provider.address
        for service in read_registry(registry, interfaces=["com.example.*"]).services
        for one in service.providers
    ):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_provider_stopped(write_suite, run_live, own_provider, zookeeper):
    provider = own_provider("trade")
    folder = write_suite(step(TRADE_QUERY, '["PAY1"]', "  subsystem: trade"))
    assert run_live(folder).judged == ("PASSED", "")
    provider.stop()
    await_gone(zookeeper.address, provider)
    assert run_live(folder).judged == ("ERROR", "NO_PROVIDER")


def test_provider_slow(write_suite, run_live, own_provider):
    own_provider("trade", delay_ms=30_000)
    outcome = run_live(write_suite(step(TRADE_QUERY, '["PAY1"]', "  subsystem: trade\n  timeout: 300ms")))
    assert outcome.judged == ("TIMEOUT", "TIMEOUT")
    assert outcome.steps[0].attempts[0].times.call < 20_000_000


def test_wrong_version(write_suite, run_live):
    outcome = run_live(write_suite(step(TRADE_QUERY, '["PAY1"]', "  subsystem: trade\n  version: 6.6.6")))
    assert outcome.judged == ("ERROR", "VERSION_MISMATCH"), outcome


def test_wrong_group(write_suite, run_live):
    outcome = run_live(write_suite(step(TRADE_QUERY, '["PAY1"]', "  subsystem: trade\n  group: blue")))
    assert outcome.judged == ("ERROR", "VERSION_MISMATCH"), outcome


def test_unknown_interface_has_no_provider(write_suite, run_live, own_provider):
    own_provider("trade")  # Dubbo leaves the interface's node in the registry it asked: not in the shared one
    outcome = run_live(write_suite(step("com.example.trade.NoSuchFacade#query(java.lang.String)", '["PAY1"]')))
    assert outcome.judged == ("ERROR", "NO_PROVIDER"), outcome


def test_unknown_method(write_suite, run_live):
    target = "com.example.trade.TransAiFacade#queryAll(java.lang.String)"
    outcome = run_live(write_suite(step(target, '["PAY1"]', "  subsystem: trade")))
    assert outcome.judged == ("ERROR", "NO_METHOD"), outcome
    assert outcome.case.failure.blamed is Side.CASE, "the contract told; nothing was called"
    outcome = run_live(write_suite(step(target, '["PAY1"]', "  subsystem: trade\n  unchecked: true")))
    assert outcome.judged == ("ERROR", "NO_METHOD"), outcome
    assert outcome.case.failure.blamed is Side.ENVIRONMENT, "the provider told"


def test_expected_exception_is_not_thrown(write_suite, run_live):
    rest = '  subsystem: trade\n  assert: exception.class == "com.example.trade.AlreadyPaidException"'
    outcome = run_live(write_suite(step(PAY, '[{"paymentId": "PAYLIVE1", "amount": 1}]', rest)))
    assert outcome.judged == ("FAILED", "ASSERTION"), outcome
    assert "none was thrown" in outcome.case.failure.message


def test_unexpected_exception_keeps_class_and_fields(write_suite, run_live):
    once = step(PAY, '[{"paymentId": "PAYLIVE2", "amount": 1}]', "  subsystem: trade\n")
    outcome = run_live(write_suite(once + once.replace("step: call", "step: again")))
    assert outcome.judged == ("FAILED", "PROVIDER_EXCEPTION"), outcome
    thrown = outcome.steps[-1].attempts[-1].exception
    assert thrown.class_name == "com.example.trade.AlreadyPaidException"
    assert thrown.code == '"TRADE_ALREADY_PAID"'


def test_undeclared_runtime_exception(write_suite, run_live, own_provider):
    own_provider("trade", failure_rate=1.0)
    outcome = run_live(write_suite(step(TRADE_QUERY, '["PAY1"]', "  subsystem: trade")))
    assert outcome.judged == ("FAILED", "PROVIDER_EXCEPTION"), outcome
    assert "InjectedFault" in outcome.steps[-1].attempts[-1].exception.class_name
    assert "\tat " not in (outcome.steps[-1].attempts[-1].exception.message or "")


@pytest.mark.parametrize(
    "variant", ["amount-changed", *(pytest.param(each, marks=pytest.mark.matrix) for each in MORE_VARIANTS)]
)
def test_changed_answer_turns_red(write_suite, run_live, own_provider, variant):
    """The same case that passes against the good provider fails against one whose answers changed."""
    own_provider("order", answer_variant=variant)
    outcome = run_live(write_suite(PLACE))
    assert outcome.judged == ("FAILED", "ASSERTION"), outcome


def test_registry_down(write_suite, run_live, zookeeper):
    write_suite.registry = zookeeper.address
    folder = write_suite(PLACE)
    zookeeper.stop(kill=True)
    assert run_live(folder).judged == ("ERROR", "NETWORK")


def test_address_not_reachable(write_suite, run_live):
    outcome = run_live(write_suite(PLACE.replace("  request:", "  url: 'dubbo://[::1]:1'\n  request:")))
    assert outcome.judged == ("ERROR", "NETWORK"), outcome


def test_value_that_does_not_fit_its_type(write_suite, run_live):
    bad = step(
        "com.example.order.BizOrderAiFacade#bizOrder(com.example.order.BizOrderRequest)",
        '[{"buyerId": 5, "amount": "a lot", "amuont": 1}]',
    )
    outcome = run_live(write_suite(bad))
    assert outcome.judged == ("ERROR", "SERIALIZATION"), outcome
    message = outcome.case.failure.message
    assert all(part in message for part in ("buyerId", "amount", "amuont")), message


def test_script_that_loops(write_suite, run_live):
    outcome = run_live(
        write_suite("- step: loop\n  timeout: 500ms\n  script: |\n    n = 0\n    while True:\n        n = n + 1")
    )
    assert outcome.judged == ("ERROR", "SCRIPT"), outcome


def test_dataset_with_a_missing_column(write_suite, run_live):
    folder = write_suite(PLACE.replace("19.90}", '"${row.amount}"}'), case="dataset: rows")
    (folder / "datasets").mkdir()
    (folder / "datasets" / "rows.csv").write_text("buyer,amont\na,1\nb,2\n")
    outcome = run_live(folder)
    assert [(case.verdict.value, case.failure.cause.value) for case in outcome.cases] == [("ERROR", "DATA")] * 2
    assert outcome.cases[0].failure.hint == "did you mean amont?"
    assert not outcome.steps


def test_config_key_missing(write_suite, run_live):
    outcome = run_live(write_suite(PLACE.replace('"b"', '"${config.buyer}"')))
    assert outcome.judged == ("ERROR", "CONFIG"), outcome
    assert not outcome.steps


def test_bridge_killed_in_the_middle_of_a_run(write_suite, run_live):
    """The call under way ends as BRIDGE_LOST, long before its time is over; the next case passes on a new JVM."""
    from workbench.model.events import StepStarted

    waiting = step(
        "com.example.notify.MessageNotifyAiFacade#waitFor(long)", "[30000]", "  subsystem: notify\n  timeout: 40s"
    )
    folder = write_suite(PLACE + waiting.replace("step: call", "step: wait"))
    later = (folder / "scenarios" / "one.yaml").read_text().split("cases:\n")[1].split("      - step: wait")[0]
    with (folder / "scenarios" / "one.yaml").open("a") as file:
        file.write(later.replace("case0001", "case0002").replace("case: one", "case: two"))
    killed = []

    def kill_soon(event):
        if isinstance(event, StepStarted) and event.name == "wait":
            threading.Timer(
                0.5, lambda: (killed.append(time.monotonic()), os.kill(apps[0].bridge("calls").pid, signal.SIGKILL))
            ).start()

    apps = []
    outcome = run_live(folder, listener=kill_soon, app_seen=apps.append, concurrency=1)
    by_name = {case.name: case for case in outcome.cases}
    assert (by_name["one"].verdict.value, by_name["one"].failure.cause.value) == ("ERROR", "BRIDGE_LOST"), outcome
    assert by_name["two"].verdict.value == "PASSED", outcome
    wait = next(step for step in outcome.steps if step.name == "wait")
    assert wait.elapsed_us < 20_000_000
