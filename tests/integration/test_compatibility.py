"""Every release, protocol, serialization and level of registration that a Dubbo user runs today, typed and generic.

The whole matrix runs in `make test-matrix` and writes docs/compatibility.md; a short form of it in `make test`.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ages import API, FACADE, LETTERS_API, REGISTERED, await_registered, begin, begin_python
from ages_checks import Peer, Row, checks_of, limit_of
from ages_page import Seen, check_page
from bridge_calls import Caller

from workbench.catalog.merge import merge
from workbench.discovery.readers import read_registry
from workbench.model.plan import Target
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.samples import Lifetime, launch_registry
from workbench.usecases.samples_launch import Launch

pytestmark = pytest.mark.xdist_group("compatibility")  # the page is written of what one process saw
PATIENCE_S = 180
LEVELS = ("interface", "application", "both")
ROWS = (
    Row("dubbo", "hessian2", "2.6", "interface"),
    Row("dubbo", "hessian2", "2.7", "interface"),
    *(Row("dubbo", "hessian2", release, level) for release in ("3.2", "3.3") for level in LEVELS),
    *(Row("dubbo", "fastjson2", release, level) for release in ("3.2", "3.3") for level in LEVELS),
    *(Row("tri", "hessian2", release, level) for release in ("3.2", "3.3") for level in LEVELS),
    *(Row("tri", "protobuf", release, level) for release in ("3.2", "3.3") for level in LEVELS),
    Row("tri", "protobuf", "python", "interface"),
    *(Row("tri", "fastjson2", release, level) for release in ("3.2", "3.3") for level in LEVELS),
)
SHORT = (
    Row("dubbo", "hessian2", "2.7", "interface"),
    Row("tri", "protobuf", "3.3", "both"),
    Row("tri", "protobuf", "python", "interface"),
)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, lifetime: Lifetime) -> Iterator[str]:
    process = launch_registry(tmp_path_factory.mktemp("zk"), lifetime=lifetime, timeout_s=PATIENCE_S)
    yield process.address
    process.stop(kill=True)


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


def launch(row: Row, folder: Path, place: str, lifetime: Lifetime) -> Launch:
    if row.release == "python":
        return begin_python(folder, place, lifetime)
    options = {"register": row.level, "protocol": row.protocol}
    if row.serialization != "protobuf":  # which goes by itself where the types are messages
        options["serialization"] = row.serialization
    return begin(folder, place, row.release, lifetime, **options)


def run(row: Row, caller: Caller, registry: str, folder: Path, lifetime: Lifetime, seen: Seen) -> None:
    """All checks of a provider, typed and generic; each registers below a root of its own."""
    place = f"{registry}/{'-'.join(row).replace('.', '')}"
    process = launch(row, folder, place, lifetime).finish(time.monotonic() + PATIENCE_S)
    try:
        offer = await_registered(place, process)
        assert (offer.protocol, offer.level) == (row.protocol, row.level)
        assert offer.release == REGISTERED[row.release]
        assert_told_as_by_the_jar(row, place)
        for mode in ("typed", "generic"):
            target = Target(registries=(place,), artifacts=(str(LETTERS_API), str(API)))
            peer = Peer(row, mode, caller, target, process.address)
            seen.note(row, mode, checked(peer))
    finally:
        process.stop(kill=True)


def assert_told_as_by_the_jar(row: Row, place: str) -> None:
    """What the registry holds of the first service, once it has come: nothing on 2.6 and in Python."""
    awaited = row.release not in ("2.6", "python") and row.level != "application"
    end = time.monotonic() + PATIENCE_S
    while not (told := read_registry(place, interfaces=[FACADE]).contract()).interfaces and awaited:
        assert time.monotonic() < end, "its metadata does not appear in the registry"
        time.sleep(0.1)
    both = merge([import_artifact([API]), told])
    assert both.contradictions == ()
    facade = both.interface(FACADE)
    assert facade is not None
    assert facade.seen_in == (place,) * len(told.interfaces), "the jar's, and the registry says the same"


def checked(peer: Peer) -> list[str]:
    """What the limits say that were met."""
    met = []
    for check in checks_of(peer.row):
        limit = limit_of(check, peer.row, peer.mode)
        if limit is None:
            check.holds(peer)
            continue
        limit.shown(peer)
        with pytest.raises(AssertionError):
            check.holds(peer)
        met.append(limit.says)
    return met


@pytest.mark.parametrize("row", SHORT, ids="-".join)
def test_an_old_release_and_a_new_protocol(
    row: Row, caller: Caller, registry: str, tmp_path: Path, lifetime: Lifetime, seen: Seen
) -> None:
    run(row, caller, registry, tmp_path, lifetime, seen)


@pytest.mark.matrix
@pytest.mark.parametrize("row", ROWS, ids="-".join)
def test_every_row(row: Row, caller: Caller, registry: str, tmp_path: Path, lifetime: Lifetime, seen: Seen) -> None:
    run(row, caller, registry, tmp_path, lifetime, seen)


@pytest.mark.matrix
def test_the_page_tells_what_was_seen(seen: Seen) -> None:
    check_page(seen, ROWS)
