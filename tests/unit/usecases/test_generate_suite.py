from pathlib import Path

import pytest

from workbench.errors import UsageError
from workbench.files import read_contracts, read_suite
from workbench.model.contract import Contract, Interface, Method, Parameter
from workbench.model.suite import DubboStep
from workbench.settings import Settings
from workbench.usecases import generate_suite as module
from workbench.usecases.generate_suite import SuiteRequest, generate_suite

PAY = Interface("com.x.PayFacade", (Method("pay", (Parameter("id", "long"),), ("long",)),))
REFUND = Method("refund", (Parameter("id", "long"),), ("long",))
NEWER = Interface("com.x.PayFacade", (*PAY.methods, REFUND, Method("refund")))
ADMIN = Interface("com.x.AdminFacade", (Method("stop"),))


@pytest.fixture
def generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    jar = tmp_path / "api" / "x.jar"
    jar.parent.mkdir()
    jar.write_bytes(b"")

    def run(*interfaces: Interface, **options: object):
        monkeypatch.setattr(module, "read_contract", lambda names, settings, **given: Contract(interfaces))
        request = SuiteRequest(folder=tmp_path / "suite", artifacts=(str(jar),), **options)  # type: ignore[arg-type]
        return generate_suite(request, Settings())

    return run


def test_a_new_suite(generate, tmp_path: Path) -> None:
    report = generate(PAY, ADMIN, subsystem="trade", registry="zookeeper://h:1")
    assert report.written == ("suite.yaml", "scenarios/pay-facade.yaml", "scenarios/admin-facade.yaml")
    assert (report.interfaces, report.cases) == (2, 2)
    suite = read_suite(tmp_path / "suite")
    assert (suite.file.suite, suite.file.subsystem, suite.file.artifacts) == ("suite", "trade", ("../api/x.jar",))
    assert suite.file.environments["default"].registries == ("zookeeper://h:1",)
    ids = [case.id for scenario in suite.scenarios.values() for case in scenario.cases]
    assert all(ids)
    assert len(set(ids)) == 2
    assert read_contracts(tmp_path / "suite")[""].interfaces == (PAY, ADMIN)


def test_what_a_person_wrote_stays(generate, tmp_path: Path) -> None:
    generate(PAY)
    mine = tmp_path / "suite" / "scenarios" / "pay-facade.yaml"
    mine.write_text(mine.read_text() + "# mine\n")
    main = tmp_path / "suite" / "suite.yaml"
    main.write_text(main.read_text() + "\n\n# mine too\n")
    before = mine.read_text(), main.read_text()
    report = generate(PAY, ADMIN)
    assert (report.written, report.kept) == (("scenarios/admin-facade.yaml",), ("scenarios/pay-facade.yaml",))
    assert report.cases == 1
    assert (mine.read_text(), main.read_text()) == before
    assert report.notes == ()
    assert len(read_suite(tmp_path / "suite").scenarios) == 2


def test_an_artifact_that_the_suite_does_not_name_is_told(generate, tmp_path: Path) -> None:
    generate(PAY)
    main = tmp_path / "suite" / "suite.yaml"
    main.write_text(main.read_text().replace("../api/x.jar", "../api/other.jar"))
    assert generate(ADMIN).notes == ("suite.yaml does not name ../api/x.jar: add it to artifacts",)


def test_a_folder_that_is_no_suite_is_left_alone(generate, tmp_path: Path) -> None:
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "thesis.txt").write_text("")
    with pytest.raises(UsageError, match="holds no suite"):
        generate(PAY)
    assert [path.name for path in (tmp_path / "suite").iterdir()] == ["thesis.txt"]


def test_nothing_to_generate(generate, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no interface with methods"):
        generate(Interface("com.x.Empty"), interfaces=("com.*",))
    assert not (tmp_path / "suite").exists()


def test_new_methods_get_cases_in_the_file_that_is_there(generate, tmp_path: Path) -> None:
    generate(PAY, ADMIN)
    mine = tmp_path / "suite" / "scenarios" / "pay-facade.yaml"
    mine.write_text("# mine\n" + mine.read_text().replace("#pay(long)", "#pay") + "\n# the end\n")
    before = mine.read_text()
    report = generate(NEWER)
    assert (report.written, report.extended, report.kept) == ((), ("scenarios/pay-facade.yaml",), ())
    assert (report.interfaces, report.cases, report.notes) == (1, 2, ())
    lines = iter(mine.read_text().splitlines())
    assert all(line in lines for line in before.splitlines())
    cases = read_suite(tmp_path / "suite").scenarios["pay-facade"].cases
    targets = [step.dubbo for case in cases for step in case.steps if isinstance(step, DubboStep)]
    assert targets == ["com.x.PayFacade#pay", "com.x.PayFacade#refund(long)", "com.x.PayFacade#refund()"]
    assert len({case.id for case in cases}) == 3
    again = generate(NEWER)
    assert (again.kept, again.extended, again.cases) == (("scenarios/pay-facade.yaml",), (), 0)
    known = read_contracts(tmp_path / "suite")[""].interfaces
    assert [(one.name, len(one.methods)) for one in known] == [("com.x.AdminFacade", 1), ("com.x.PayFacade", 3)]


def test_a_removed_method_is_told(generate, tmp_path: Path) -> None:
    generate(NEWER)
    facade = "com.x.PayFacade"
    assert {one.where for one in generate(PAY).warnings} == {f"{facade}#refund()", f"{facade}#refund(long)"}


def test_a_renamed_file_is_found_and_a_file_of_another_interface_is_not_touched(generate, tmp_path: Path) -> None:
    generate(PAY)
    scenarios = tmp_path / "suite" / "scenarios"
    (scenarios / "pay-facade.yaml").rename(scenarios / "payments.yaml")
    (scenarios / "pay-facade.yaml").write_text("scenario: something else\n")
    report = generate(
        NEWER, Interface("org.y.PayFacade", (Method("pay"),)), Interface("x.PayFacade", PAY.methods, version="2")
    )
    assert report.extended == ("scenarios/payments.yaml",)
    assert report.written == ("scenarios/y-pay-facade.yaml", "scenarios/x-pay-facade.yaml")
    assert (scenarios / "pay-facade.yaml").read_text() == "scenario: something else\n"


def test_two_versions_of_an_interface_keep_their_files(generate, tmp_path: Path) -> None:
    one, two = Interface(PAY.name, PAY.methods, version="1"), Interface(PAY.name, PAY.methods, version="2")
    generate(one, two)
    newer = Interface(PAY.name, NEWER.methods, version="2")
    assert generate(one, newer).extended == ("scenarios/x-pay-facade.yaml",)
    added = read_suite(tmp_path / "suite").scenarios["x-pay-facade"].cases[-1].steps[0]
    assert isinstance(added, DubboStep)
    assert added.version == "2"


def test_a_chain_of_calls_is_no_place_for_cases_of_one_method(generate, tmp_path: Path) -> None:
    generate(ADMIN)
    chain = tmp_path / "suite" / "scenarios" / "chain.yaml"
    chain.write_text(
        "scenario: chain\ncases:\n  - case: all\n    steps:\n      - { step: s, dubbo: com.x.PayFacade#pay }\n"
    )
    assert generate(PAY).written == ("scenarios/pay-facade.yaml",)


def test_a_file_in_another_form_is_told(generate, tmp_path: Path) -> None:
    generate(PAY)
    path = tmp_path / "suite" / "scenarios" / "pay-facade.yaml"
    text = "scenario: pay\ncases: [{ case: one, steps: [{ step: s, dubbo: com.x.PayFacade#pay }] }]\n"
    path.write_text(text)
    (note,) = generate(NEWER).notes
    assert note.startswith("scenarios/pay-facade.yaml lacks refund(long), refund()")
    assert path.read_text() == text


def without_first_case(path: Path) -> str:
    """The file as somebody leaves it who does not want the first of its cases."""
    head, _first, *rest = path.read_text().split("\n  - id:")
    text = "\n  - id:".join([head, *rest])
    path.write_text(text)
    return text


def test_a_case_that_was_deleted_stays_deleted(generate, tmp_path: Path) -> None:
    generate(NEWER)
    path = tmp_path / "suite" / "scenarios" / "pay-facade.yaml"
    text = without_first_case(path)
    assert "#pay(" not in text
    report = generate(NEWER)
    assert (report.cases, report.kept) == (0, ("scenarios/pay-facade.yaml",))
    assert report.notes == ("1 case deleted before stay deleted (com.x.PayFacade#pay(long)): --again makes them",)
    assert path.read_text() == text
    later = Interface("com.x.PayFacade", (*NEWER.methods, Method("close")))
    assert generate(later).cases == 1
    assert generate(later, again=True).cases == 1
    assert "#pay(" in path.read_text()


def test_a_scenario_that_was_deleted_stays_deleted(generate, tmp_path: Path) -> None:
    generate(PAY, ADMIN)
    (tmp_path / "suite" / "scenarios" / "pay-facade.yaml").unlink()
    assert generate(PAY, ADMIN).written == ()
    assert generate(NEWER, ADMIN).cases == 2, "methods that came later are new all the same"


def test_a_suite_of_old_remembers_from_now_on(generate, tmp_path: Path) -> None:
    generate(NEWER)
    (tmp_path / "suite" / "generated.json").unlink()
    path = tmp_path / "suite" / "scenarios" / "pay-facade.yaml"
    without_first_case(path)
    assert generate(NEWER).cases == 1
    without_first_case(path)
    assert generate(NEWER).cases == 0


def test_a_case_that_could_not_be_written_is_made_later(generate, tmp_path: Path) -> None:
    generate(PAY)
    path = tmp_path / "suite" / "scenarios" / "pay-facade.yaml"
    path.write_text("scenario: pay\ncases: [{ case: one, steps: [{ step: s, dubbo: com.x.PayFacade#pay }] }]\n")
    assert generate(NEWER).cases == 0
    path.write_text(
        "scenario: pay\ncases:\n  - case: one\n    steps:\n      - { step: s, dubbo: com.x.PayFacade#pay }\n"
    )
    assert generate(NEWER).cases == 2
