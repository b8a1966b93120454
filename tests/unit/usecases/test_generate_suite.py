from pathlib import Path

import pytest

from workbench.errors import UsageError
from workbench.files import read_contracts, read_suite
from workbench.model.contract import Contract, Interface, Method, Parameter
from workbench.usecases import generate_suite as module
from workbench.usecases.generate_suite import SuiteRequest, generate_suite

PAY = Interface("com.x.PayFacade", (Method("pay", (Parameter("id", "long"),), ("long",)),))
ADMIN = Interface("com.x.AdminFacade", (Method("stop"),))


@pytest.fixture
def generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    jar = tmp_path / "api" / "x.jar"
    jar.parent.mkdir()
    jar.write_bytes(b"")

    def run(*interfaces: Interface, **options: object):
        monkeypatch.setattr(module, "import_artifact", lambda paths, **given: Contract(interfaces))
        request = SuiteRequest(folder=tmp_path / "suite", artifacts=(str(jar),), **options)  # type: ignore[arg-type]
        return generate_suite(request)

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
