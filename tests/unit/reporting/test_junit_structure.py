"""What strict readers of JUnit XML allow: elements and attributes that Jenkins' junit-10 schema knows, and GitLab's.

The tables hold what the schema says, in our own form. Four things are beyond it, which the readers in use know: GitLab
and Jenkins' junit step read `file` and `properties` of a testcase, Surefire and pytest write `skipped` and `timestamp`
of all suites. Whoever validates against junit-10 itself takes these away (docs/reports.md).
"""

import re
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from workbench.reporting.junit import JunitReporter

TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")
OUTCOMES = {"skipped", "error", "failure"}
OUTPUT = {"system-out", "system-err"}
CHILDREN: dict[str, set[str]] = {
    "testsuites": {"testsuite"},
    "testsuite": {"testsuite", "properties", "testcase", *OUTPUT},
    "testcase": {*OUTCOMES, *OUTPUT, "rerunFailure", "rerunError", "flakyFailure", "flakyError"},
    "properties": {"property"},
    **{name: set() for name in (*OUTCOMES, *OUTPUT, "property")},
}
COUNTS = {"tests", "failures", "errors"}
REQUIRED: dict[str, set[str]] = {"testsuite": {"name", *COUNTS}, "testcase": {"name"}, "property": {"name", "value"}}
OPTIONAL: dict[str, set[str]] = {
    "testsuites": {"name", "time", *COUNTS},
    "testsuite": {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
    "testcase": {"time", "classname", "group"},
    **{name: {"type", "message"} for name in OUTCOMES},
}
BEYOND = {"testsuites": {"skipped", "timestamp"}, "testcase": {"file"}}


def faults(element: ElementTree.Element, place: str = "") -> list[str]:
    """Everything in the tree that the schema does not allow."""
    here = f"{place}/{element.tag}"
    required, known = REQUIRED.get(element.tag, set()), OPTIONAL.get(element.tag, set())
    given = element.attrib.keys()
    found = [f"{here}: no {name}" for name in required - given]
    found += [f"{here}: attribute {name}" for name in given - required - known]
    if not TIME.fullmatch(element.get("time", "0")):
        found.append(f"{here}: time {element.get('time')}")
    if element.tag in ("testsuites", "testsuite", "properties", "testcase") and (element.text or "").strip():
        found.append(f"{here}: text")
    for child in element:
        if child.tag in CHILDREN.get(element.tag, set()):
            found += faults(child, here)
        else:
            found.append(f"{here}: element {child.tag}")
    return found


@pytest.fixture
def document(tmp_path: Path, make: ModuleType) -> ElementTree.Element:
    """Every verdict, hostile text, and a teardown that failed."""
    run = make.RunBuilder()
    scenario = run.scenario("s", "Pay")
    run.start()
    for cause in (None, *make.Cause):
        item = run.case(scenario, f"c{cause}", "case \x00 <&>", tags=("t",), owner="li", requirements=("R-1",))
        run.begin(item)
        run.log(item.id, "a line \x1b", step="a")
        run.step(item.id, "a", "a", make.attempt(cause, "why ]]>", ms=1_234_567))
        run.end(item)
    run.finish(make.Failure(make.Cause.NETWORK, "refused"))
    JunitReporter().write(run.plan(), run.events, tmp_path / "junit.xml")
    return ElementTree.parse(tmp_path / "junit.xml").getroot()


def test_beyond_the_schema_is_only_what_is_known(document: ElementTree.Element) -> None:
    for tag, names in BEYOND.items():
        for element in document.iter(tag):
            for name in names & element.attrib.keys():
                del element.attrib[name]
    for testcase in document.iter("testcase"):
        for properties in testcase.findall("properties"):
            testcase.remove(properties)
    assert faults(document) == []


def test_the_tables_find_what_is_wrong() -> None:
    text = """<testsuites disabled="1"><testsuite name="a" tests="1" failures="0"><testcase time="1s"><oops/></testcase>
    words</testsuite></testsuites>"""
    assert sorted(faults(ElementTree.fromstring(text))) == [
        "/testsuites/testsuite/testcase: element oops",
        "/testsuites/testsuite/testcase: no name",
        "/testsuites/testsuite/testcase: time 1s",
        "/testsuites/testsuite: no errors",
        "/testsuites: attribute disabled",
    ]


def test_counts_are_those_of_the_elements(document: ElementTree.Element) -> None:
    for suite in (document, *document.iter("testsuite")):
        found = [child.tag for case in suite.iter("testcase") for child in case]
        assert int(suite.get("tests", "")) == len(list(suite.iter("testcase")))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute, "")) == found.count(tag)


def test_gitlab_finds_what_it_reads(document: ElementTree.Element) -> None:
    """It tells testcases by suite, class name and name, shows file and time, and takes one outcome each."""
    cases = list(document.iter("testcase"))
    assert all(case.get("classname") and case.get("name") and case.get("time") for case in cases)
    assert all((case.get("file") or "").startswith("scenarios/") for case in cases)
    assert all(sum(child.tag in OUTCOMES for child in case) <= 1 for case in cases)
    assert all(child.get("message") for case in cases for child in case if child.tag in OUTCOMES)


ORDER = ("properties", "failure", "error", "skipped", "testcase", "system-out", "system-err")


def test_children_stand_in_the_order_of_the_strict_schemas(document: ElementTree.Element) -> None:
    for parent in document.iter():
        places = [ORDER.index(child.tag) for child in parent if parent.tag in ("testsuite", "testcase")]
        assert places == sorted(places)


@pytest.mark.parametrize("text", ["x" * 1_000_000, "\U0001f600 \x00\ud800 " * 100_000, "1.2:" * 250_000])
def test_a_message_of_a_megabyte(tmp_path: Path, make: ModuleType, text: str) -> None:
    """Beyond some kilobytes nobody reads an attribute, and parsers have bounds; the text tells that it was cut."""
    run = make.RunBuilder()
    item = run.case(run.scenario("s", text), "c", text, owner=text)
    run.start()
    run.begin(item)
    run.step(item.id, "a", text, make.attempt(make.Cause.ASSERTION, text))
    run.end(item)
    run.finish()
    JunitReporter().write(run.plan(), run.events, tmp_path / "junit.xml")
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    values = [value for element in root.iter() for value in element.attrib.values()]
    assert max(map(len, values)) <= 4_100
    assert any("characters left out" in value for value in values)
    assert (tmp_path / "junit.xml").stat().st_size < 300_000


def test_cases_of_one_name_stay_two(tmp_path: Path, make: ModuleType) -> None:
    """GitLab knows a testcase by the names of suite, class and case, and would count such twins once."""
    run = make.RunBuilder()
    scenarios = [run.scenario("s", "Pay"), run.scenario("t", "Pay"), run.scenario("u", "Ship")]
    run.start()
    for number, scenario in enumerate((*scenarios, scenarios[0])):
        item = run.case(scenario, f"c{number}", "same")
        run.begin(item)
        run.step(item.id, "a", "a", make.attempt(make.Cause.ASSERTION, "no"))
        run.end(item)
    run.finish()
    JunitReporter().write(run.plan(), run.events, tmp_path / "junit.xml")
    cases = list(ElementTree.parse(tmp_path / "junit.xml").getroot().iter("testcase"))
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(set(names)) == len(names) == 4
    assert names[-1] == ("pay-order.Ship", "same")
