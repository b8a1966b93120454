"""Nobody changes what they may not, whatever they send; and what they are told is what the document says."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
from api_asked import EXAMPLE, FILES, KNOWN, OUTSIDE, asked
from workbench_web.desk import Desk
from workbench_web.factory import create_app
from workbench_web.routes import all_routes

from workbench.settings import Serving, Settings
from workbench.storage import Author, Storage
from workbench.storage.tables import metadata
from workbench.usecases.import_suite import import_suite

SETTER = Author("setter")
# what anybody changes by coming in, or by asking for a token of their own
OWN = {"audit", "sessions", "tokens"}
# who edits in a group may make a subsystem there; test_permissions.py holds that it is no other group's
OF_ONES_OWN = {"make_suite", "copy_whole_suite"}
LEFT_OUT = FILES | OF_ONES_OWN | OUTSIDE - {"start_run", "run_case"}
ROUTES = [route for route in all_routes().routes if route.name not in LEFT_OUT]
WHO = ("anonymous", "viewer", "stranger")


class World:
    def __init__(self, desk: Desk) -> None:
        self.storage: Storage = desk.storage
        self.app = create_app(desk)
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", self.app)
        people = self.storage.people
        for name in ("viewer", "stranger", "li"):
            people.add(name, SETTER)
        people.add("root", SETTER, administrator=True)
        for group, user, role in (("pay", "viewer", "view"), ("other", "stranger", "edit")):
            people.add_group(group, SETTER)
            people.set_role(group, user, role, SETTER)  # type: ignore[arg-type]
        people.give("order", "pay", SETTER)
        made = {name: self.storage.access.make_token(name, "t", "administer", 9999, SETTER)[0] for name in WHO[1:]}
        self.headers = {name: {"Authorization": f"Bearer {secret}"} for name, secret in made.items()}
        cases = self.storage.listing.cases("order", "1.0.0")
        self.known = {**KNOWN, "key": [cases[0].key, cases[0].home.key, "common"]}

    def state(self) -> str:
        """SHA-256 of all that is kept."""
        total = hashlib.sha256()
        with self.storage.database.reading() as connection:
            for table in metadata.sorted_tables:
                if table.name not in OWN:
                    rows = connection.execute(sa.select(table).order_by(*table.primary_key)).all()
                    total.update(repr((table.name, rows)).encode())
        return total.hexdigest()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root: Path = tmp_path_factory.mktemp("rights")
    with Desk(Settings(data_dir=root / "data", serve=Serving(login=True))) as desk:
        import_suite(shutil.copytree(EXAMPLE, root / "suite"), desk.storage, SETTER)
        yield World(desk)


@pytest.mark.parametrize("route", [each for each in ROUTES if each.method != "GET"], ids=lambda route: route.name)
def test_nobody_changes_what_they_may_not(world: World, route: Any) -> None:
    _ask_as_everybody(world, route, 2)


@pytest.mark.fuzz
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_nobody_changes_what_they_may_not_in_many_requests(world: World, route: Any) -> None:
    _ask_as_everybody(world, route, 60)


def _ask_as_everybody(world: World, route: Any, examples: int) -> None:
    before = world.state()
    for who in WHO:
        asked(world.schema, route, world.known, examples, world.headers.get(who, {}))
        assert world.state() == before, who
