"""Laws of what every database keeps: suites with every field of the model come back byte by byte, and whatever database
they are in, they have the same hashes."""

import itertools
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from suite_strategies import SUITE, anything

from workbench.files.writer import suite_texts
from workbench.model.contract import Contract
from workbench.model.library import Library
from workbench.model.schedule import Order, Schedule
from workbench.model.suite import Suite, SuiteFile
from workbench.storage import Author, Snapshot, Storage, opened, snapshot_digest
from workbench.usecases.secret_box import SecretBox

CONTRACTS = st.dictionaries(st.sampled_from(["", "trade"]), anything(Contract), max_size=2)
_FEW = settings(
    max_examples=15, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)  # fmt: skip
_numbers = itertools.count()


def check_round_trip(suite: Suite, contracts: dict[str, Contract], one: Storage, two: Storage, name: str) -> None:
    """Model → database → files, and → another database with the same key."""
    suite = replace(suite, file=replace(suite.file, subsystem=name, version="1"))
    texts, given_, vault = suite_texts(suite), Snapshot(suite, contracts), one.vault
    one.suites.put(given_, Author("li"))
    found = one.suites.get(name, "1")
    assert suite_texts(replace(found.suite, file=opened(found.suite.file, vault))) == texts
    assert found.contracts == contracts
    two.suites.put(found, Author("wang"))
    assert two.suites.hashes(name, "1") == one.suites.hashes(name, "1")
    assert snapshot_digest(two.suites.get(name, "1"), vault) == snapshot_digest(given_, vault)


class LawsContract:
    def test_suites_come_back_and_hash_alike_in_another_database(self, storage: Storage, tmp_path: Path) -> None:
        box = SecretBox(tmp_path)
        here = storage.database.engine.url.render_as_string(hide_password=False)
        with Storage(here, tmp_path, box) as one, Storage(f"sqlite:///{tmp_path}/two.db", tmp_path, box) as two:

            @given(SUITE, CONTRACTS)
            @_FEW
            def law(suite: Suite, contracts: dict[str, Contract]) -> None:
                check_round_trip(suite, contracts, one, two, f"s{next(_numbers)}")

            law()

    def test_what_libraries_offer_and_schedules_order_comes_back(self, storage: Storage) -> None:
        @given(anything(Library), anything(Order))
        @_FEW
        def law(offer: Library, order: Order) -> None:
            name = f"s{next(_numbers)}"
            storage.libraries.put(name, "1", (), offer, Author("li"))
            assert storage.libraries.offer(storage.libraries.get(name, "1")) == offer
            made = Schedule(subsystem=name, name=name, cron="0 2 * * *", order=order, author="li")
            storage.suites.put(Snapshot(Suite(file=SuiteFile(suite="s", subsystem=name, version="1"))), Author("li"))
            storage.schedules.add(made, Author("li"))
            assert storage.schedules.get(name, name).order == order

        law()
