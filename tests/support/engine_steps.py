"""Short forms of steps for engine tests."""

from typing import Any

from workbench.model.suite import Defaults, DubboStep


def call(name: str = "call", request: str = "[]", **options: Any) -> DubboStep:
    """A Dubbo step whose id is its name."""
    return DubboStep(id=name, step=name, dubbo="com.example.A#m(java.lang.Object)", request=request, **options)


FAST = Defaults(step="2s", hook="2s", case="5s", run="20s")
PATIENT = Defaults(step="60s", hook="60s", case="120s", run="300s")  # of what is to pass, on a busy machine too
