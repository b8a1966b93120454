"""Dubbo 2.7's own form of registering by application, which no 3.x consumer reads: told as such, and called by url."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ages import API, FACADE, begin
from bridge_calls import TEXT, Caller, cause, ok

from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.usecases.samples import Lifetime, SampleProcess

PATIENCE_S = 180


@pytest.fixture
def call(tmp_path: Path) -> Iterator[Caller]:
    caller = Caller(tmp_path / "bridge")
    yield caller
    caller.close()


@pytest.mark.parametrize("root", ["", "/old"])
def test_a_provider_of_2_7_registered_by_application(
    call: Caller, zookeeper: SampleProcess, tmp_path: Path, lifetime: Lifetime, root: str
) -> None:
    place = zookeeper.address + root
    launched = begin(tmp_path, place, "2.7", lifetime, register="application", protocol="dubbo")
    provider = launched.finish(time.monotonic() + PATIENCE_S)
    try:
        there = Target(url=provider.address, artifacts=(str(API),))
        assert ok(call(there, FACADE, "forget", TEXT, '["x"]')) == "null"
        by_registry = Target(registries=(place,), artifacts=(str(API),))
        end = time.monotonic() + PATIENCE_S
        while "2.7" not in (told := _told(call, by_registry)):  # it registers after it has said that it is ready
            assert time.monotonic() < end, told
            time.sleep(0.5)
        assert "which no later consumer reads" in told
        assert provider.address.removeprefix("dubbo://") in told
        assert "registry-type=service" in told
    finally:
        provider.stop(kill=True)


def _told(call: Caller, target: Target) -> str:
    answer = call(target, FACADE, "forget", TEXT, '["x"]')
    assert cause(answer) is Cause.NO_PROVIDER
    assert answer.failure is not None
    return f"{answer.failure.message} → {answer.failure.hint}"
