"""What a running provider says otherwise than the suite's jar is told before the run and in its report."""

import asyncio
from pathlib import Path
from typing import Any

from workbench.app import Application
from workbench.model.plan import Remark
from workbench.settings import Settings
from workbench.usecases.launch_run import RunRequest, plan_run

FACADE = "com.example.order.BizOrderAiFacade"
STEPS = f"""
- step: known to both
  dubbo: {FACADE}#bizOrder(com.example.order.BizOrderRequest)
  request: '[{{"buyerId": "b", "amount": 19.90}}]'
- step: of the later release
  dubbo: {FACADE}#queryByRequestNo(java.lang.String)
  request: '["R1"]'
- step: again
  dubbo: {FACADE}#queryByRequestNo
  request: '["R1"]'
"""


def remarks(folder: Path, **settings: Any) -> list[Remark]:
    async def planned() -> list[Remark]:
        async with Application(Settings(data_dir=folder.parent / "data", **settings)) as app:
            return list(plan_run(RunRequest(folder=folder), app.readers()).remarks)

    return asyncio.run(planned())


def test_what_the_registry_says_otherwise_is_told_where_a_step_uses_it(write_suite: Any) -> None:
    folder = write_suite(STEPS)
    suite = folder / "suite.yaml"
    suite.write_text(suite.read_text().replace("order-api-1.0.0.jar", "order-api-1.1.0.jar"))
    (told,) = remarks(folder)
    method = "queryByRequestNo(java.lang.String)"
    assert told.where.startswith(f"{folder / 'scenarios' / 'one.yaml'}:11:")
    assert told.message.startswith(f"the sources differ about {FACADE}#{method} (method): ")
    assert f"order-api-1.1.0.jar says {method}; zookeeper://" in told.message
    assert told.message.endswith(" says there is none")
    assert not told.mistake
    assert remarks(folder, compare_metadata=False) == []
