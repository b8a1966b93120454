"""Laws: a suite becomes documents and comes back, byte by byte in its canonical files, from each of two databases."""

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from suite_strategies import FILE, GROUP, SCENARIO

from workbench.errors import NotFoundError, StorageError
from workbench.files.writer import suite_texts
from workbench.model.suite import Scenario, SharedSteps, Suite, SuiteFile
from workbench.storage import Author, Snapshot, Storage, opened, snapshot_digest
from workbench.storage.content import decode, documents_of, snapshot_of
from workbench.storage.vault import NoVault
from workbench.usecases.secret_box import SecretBox

SLUG = st.text("abcdé-1", min_size=1, max_size=5)
GROUPS = st.dictionaries(st.sampled_from(["c.a.b", "c.", "c.x", "d.a", "a.z"]), GROUP, max_size=3)


def with_ids(scenarios: dict[str, Scenario]) -> dict[str, Scenario]:
    numbers = itertools.count()
    return {
        slug: replace(
            scenario,
            id=f"s{next(numbers)}",
            cases=tuple(replace(case, id=f"c{next(numbers)}") for case in scenario.cases),
        )
        for slug, scenario in scenarios.items()
    }


@given(FILE, st.dictionaries(SLUG, SCENARIO, max_size=3).map(with_ids), GROUPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_suites_come_back_byte_by_byte(
    file: SuiteFile, scenarios: dict[str, Scenario], shared: dict[str, SharedSteps]
) -> None:
    file = replace(file, subsystem="order", version="1")
    suite = Suite(file=file, scenarios=scenarios, shared={name: each for name, each in shared.items() if name != "c."})
    texts = suite_texts(suite)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        box = SecretBox(folder)
        urls = [f"sqlite:///{folder}/{name}.db" for name in ("one", "two")]
        with Storage(urls[0], folder, box) as one, Storage(urls[1], folder, box) as two:
            one.suites.put(Snapshot(suite), Author("li"))
            found = one.suites.get("order", "1")
            assert suite_texts(replace(found.suite, file=opened(found.suite.file, box))) == texts
            two.suites.put(found, Author("wang"))
            assert two.suites.hashes("order", "1") == one.suites.hashes("order", "1")
            assert snapshot_digest(two.suites.get("order", "1"), box) == snapshot_digest(Snapshot(suite), box)


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
