"""JUnit XML, read back with the standard parser and by the rules of its consumers."""

from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from workbench.errors import ReportError
from workbench.reporting.junit import JunitReporter


def written(tmp_path: Path, plan: Any, events: Any) -> ElementTree.Element:
    JunitReporter().write(plan, events, tmp_path / "junit.xml")
    return ElementTree.parse(tmp_path / "junit.xml").getroot()


def properties(testcase: ElementTree.Element) -> list[tuple[str | None, str | None]]:
    return [(each.get("name"), each.get("value")) for each in testcase.iter("property")]


def test_a_suite_a_scenario_and_a_case_an_item(tmp_path: Path, make: ModuleType) -> None:
    root = written(tmp_path, *make.shop_run())
    assert root.tag == "testsuites"
    figures = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert figures == {"tests": "28", "failures": "6", "errors": "4", "skipped": "1"}
    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [
        ("Pay an order", "20"),
        ("Refusals 拒绝路径", "8"),
    ]
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(names)) == 28
    assert names[3] == ("pay-order.Pay an order", "order, pay, notify #4")


def test_verdicts_become_elements(tmp_path: Path, make: ModuleType) -> None:
    root = written(tmp_path, *make.shop_run())
    outcome = {}
    for case in root.iter("testcase"):
        marks = [(child.tag, child.get("type")) for child in case if child.tag in ("failure", "error", "skipped")]
        outcome[dict(properties(case))["item"]] = marks
    assert outcome["b4n8c2ze#1"] == []
    assert outcome["b4n8c2ze#4"] == [("failure", "ASSERTION")]
    assert outcome["slow0000"] == [("error", "TIMEOUT")]
    assert outcome["gone0000"] == [("error", "NO_PROVIDER")]
    assert outcome["skip0000"] == [("skipped", None)]
    assert outcome["flaky000"] == []


def test_a_failure_says_what_was_expected_and_what_came(tmp_path: Path, make: ModuleType) -> None:
    root = written(tmp_path, *make.shop_run())
    failed = next(case for case in root.iter("testcase") if case.get("name") == "order, pay, notify #4")
    failure = failed.find("failure")
    assert failure is not None
    assert failure.text is not None
    assert 'response.status: expected "PAID", actual "REFUSED"' in failure.text
    assert 'response.limit.resets: expected "daily", actual (absent)' in failure.text
    assert '"buyerId":"1234567890123456703"' in failure.text
    assert ("requirement", "REQ-1001") in properties(failed)
    assert ("row", "orders.xlsx!Sheet1!row 5") in properties(failed)
    assert "[info] limit checked" in (failed.findtext("system-out") or "")


def test_a_killed_run_is_no_success(tmp_path: Path, make: ModuleType) -> None:
    root = written(tmp_path, *make.shop_run(until=20))
    assert int(root.get("errors") or 0) >= 25
    assert ("finished", "false") in properties(root[0])


def test_hostile_text_stays_text(tmp_path: Path, make: ModuleType) -> None:
    run = make.RunBuilder(suite="a\x00b<&\"'>")
    scenario = run.scenario("s", "x\x1b[31m ]]> \ufffe \ud7ff 💥")
    item = run.case(scenario, "c", "case\x08\n<br/>")
    run.start()
    run.begin(item)
    message = "]]></failure><evil/>\x00\x0b"
    run.step(item.id, "s1", "step", make.attempt(make.Cause.ASSERTION, message))
    run.end(item)
    run.finish()
    root = written(tmp_path, run.plan(), run.events)
    assert root.find(".//evil") is None
    assert root.get("name") == "a\ufffdb<&\"'>"
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("message") == "]]></failure><evil/>\ufffd\ufffd"


def test_a_folder_that_is_not_there(tmp_path: Path, make: ModuleType) -> None:
    with pytest.raises(ReportError, match="cannot be written"):
        JunitReporter().write(*make.shop_run(), tmp_path / "none" / "junit.xml")


def test_a_failed_teardown_is_a_testcase_of_its_scenario(tmp_path: Path, make: ModuleType) -> None:
    run = make.RunBuilder()
    item = run.case(run.scenario("s", "Pay"), "c", "case")
    run.start()
    run.begin(item)
    run.end(item)
    run.finish(make.Failure(make.Cause.NETWORK, "refused", "start it"))
    root = written(tmp_path, run.plan(), run.events)
    assert (root.get("tests"), root.get("errors")) == ("2", "1")
    case, teardown = root.iter("testcase")
    assert case.find("error") is None
    assert teardown.get("name") == "teardown of the scenario"
    assert teardown.get("classname") == case.get("classname") == "pay-order.Pay"
    error = teardown.find("error")
    assert error is not None
    assert (error.get("type"), error.get("message")) == ("NETWORK", "refused")
    assert "clean up: ERROR" in (error.text or "")
