"""Which subsystem or tool library a request is about: out of its path, or out of its query or body."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from workbench.model.rights import Right
from workbench.storage import Storage
from workbench.usecases import browse_runs, revise
from workbench.usecases.rights import Actor, require, require_library
from workbench_web.desk import Desk


class Subject(Struct, frozen=True):
    """`find`: its name. `late`: it takes the query or body, which has to be read first. `require`: what decides on the
    right, where it is no subsystem."""

    find: Callable[[Desk, Mapping[str, Any]], str]
    late: bool = False
    require: Callable[[Actor, Right, str, Storage], None] = require


def _case(desk: Desk, given: Mapping[str, Any]) -> str:
    return revise.find(given["key"], desk.storage, given["query"].subsystem, "case").subsystem


def _run(desk: Desk, given: Mapping[str, Any]) -> str:
    return browse_runs.subsystem_of(browse_runs.find(desk.settings.runs_dir, given["run"]))


def _target(desk: Desk, given: Mapping[str, Any]) -> str:
    return _named(given["body"].to.version or given["address"])


def _named(address: str) -> str:
    return address.partition("@")[0]


of_subsystem = Subject(lambda desk, given: str(given["subsystem"]))
of_address = Subject(lambda desk, given: _named(given["address"]))
of_run = Subject(_run)
of_case = Subject(_case, late=True)
of_stored = Subject(lambda desk, given: desk.storage.runs.get(given["stored"]).subsystem)
of_target = Subject(_target, late=True)
of_both = Subject(lambda desk, given: _named(given["query"].before), late=True)  # the handler looks at the other
of_suite = Subject(lambda desk, given: _named(given["body"].suite), late=True)
of_library = Subject(lambda desk, given: str(given["library"]), require=require_library)
of_new_library = Subject(lambda desk, given: str(given["body"].name), late=True, require=require_library)
