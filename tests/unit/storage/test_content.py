"""A suite becomes documents and comes back; laws of it stand in laws_contract.py."""

import pytest
from msgspec.structs import replace

from workbench.errors import NotFoundError, StorageError
from workbench.model.suite import Scenario, Suite, SuiteFile
from workbench.storage import Snapshot, snapshot_digest
from workbench.storage.content import decode, documents_of, snapshot_of
from workbench.storage.vault import NoVault


def test_a_new_name_of_a_version_changes_no_document() -> None:
    one, two = (
        documents_of(Snapshot(Suite(file=SuiteFile(suite="s", subsystem=name, version=name)))) for name in ("a", "b")
    )
    assert one == two


def test_the_digest_tells_places_and_names_apart() -> None:
    scenarios = {"a": Scenario(id="s1", scenario="a"), "b": Scenario(id="s2", scenario="a")}
    file = SuiteFile(suite="s", subsystem="o", version="1")
    suites = [
        Suite(file=file, scenarios=scenarios),
        Suite(file=file, scenarios=dict(reversed(scenarios.items()))),
        Suite(file=replace(file, version="2"), scenarios=scenarios),
        Suite(file=file, scenarios={"a": scenarios["a"], "c": scenarios["b"]}),
    ]
    assert len({snapshot_digest(Snapshot(suite), NoVault()) for suite in suites}) == len(suites)


def test_bodies_that_cannot_be_read_say_where() -> None:
    with pytest.raises(StorageError, match="no case") as caught:
        decode("case", '{"case": 1}', "order: case x")
    assert caught.value.where == "order: case x"
    with pytest.raises(NotFoundError, match="holds no suite"):
        snapshot_of([], "order", "1")
