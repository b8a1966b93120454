"""A provider whose methods show how calls travel, in several versions of itself, all in one process."""

from collections.abc import Iterator

import pytest
from bridge_calls import Caller
from calls_world import CALLS, Calls, CallsWorld

from workbench.usecases.samples import Lifetime, launch_provider, launch_registry

PATIENCE_S = 180


@pytest.fixture(scope="session")
def calls_world(tmp_path_factory: pytest.TempPathFactory, lifetime: Lifetime) -> Iterator[CallsWorld]:
    """Started once by each process that asks: mark the tests `xdist_group("calls")`, and change nothing in it."""
    folder = tmp_path_factory.mktemp("calls-world")
    registry = launch_registry(folder, lifetime=lifetime, timeout_s=PATIENCE_S)
    first, *others = CALLS.values()
    provider = launch_provider(
        folder, registry.address, first, name="calls", beside=others, lifetime=lifetime, timeout_s=PATIENCE_S
    )
    yield CallsWorld(registry.address, dict(zip(CALLS, _by_provider(provider.addresses), strict=True)))
    provider.stop(kill=True)
    registry.stop(kill=True)


def _by_provider(addresses: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    rest = list(addresses)
    for options in CALLS.values():
        yield tuple(rest.pop(0) for _ in options.protocols)


@pytest.fixture(scope="session")
def calls_caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """One bridge for all calls to the shared providers."""
    caller = Caller(tmp_path_factory.mktemp("calls-bridge"))
    yield caller
    caller.close()


@pytest.fixture(params=["typed", "generic"])
def calls(request: pytest.FixtureRequest, calls_world: CallsWorld, calls_caller: Caller) -> Calls:
    """Each test once with the API's classes and once without."""
    return Calls(calls_caller, calls_world, request.param)
