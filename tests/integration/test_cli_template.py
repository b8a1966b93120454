"""Templates and generated suites on the sample artifacts: providers take them, suites run as they are."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench import cli
from workbench.catalog.template import build_template
from workbench.expr import bind
from workbench.invokers import Bridge, DubboInvoker
from workbench.model.contract import Contract
from workbench.model.json import dumps
from workbench.model.result import SIDE_OF, Side
from workbench.model.targets import MethodTarget
from workbench.plugin_api import Answer
from workbench.settings import Settings
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.invoke_once import InvokeRequest, invoke_once
from workbench.usecases.samples import WorldState

APIS = ("order-api-1.0.0.jar", "trade-api-1.0.0.jar", "notify-api-1.0.0.jar")
Artifact = Callable[[str], Path]


@pytest.fixture
def contract(artifact: Artifact) -> Contract:
    return import_artifact([artifact(name) for name in APIS])


def test_every_template_fits_its_declaration(contract: Contract) -> None:
    methods = [(interface, method) for interface in contract.interfaces for method in interface.methods]
    assert len(methods) > 12
    for interface, method in methods:
        template = build_template(contract, interface.name, method)
        assert template.notes == ()
        for parameter, value in zip(method.parameters, template.request, strict=True):
            assert bind(value, parameter.type, contract.types) == value


def test_providers_take_every_template(
    contract: Contract, artifact: Artifact, sample_world: WorldState, tmp_path: Path
) -> None:
    """Typed and generic: an answer, or an exception of the service itself, never a request that cannot be read."""
    answers = asyncio.run(_call_all(contract, [str(artifact(name)) for name in APIS], sample_world.registry, tmp_path))
    assert len(answers) > 24
    odd = {
        target: answer.failure
        for target, answer in answers.items()
        if answer.failure is not None and SIDE_OF[answer.failure.cause] is not Side.PRODUCT
    }
    assert odd == {}
    assert sum(answer.failure is None for answer in answers.values()) >= len(answers) * 3 // 4


async def _call_all(contract: Contract, jars: list[str], registry: str, folder: Path) -> dict[str, Answer]:
    invoker = DubboInvoker(Bridge(role="calls", log_dir=folder))
    answers = {}
    try:
        for interface in contract.interfaces:
            for method in interface.methods:
                template = build_template(contract, interface.name, method)
                for generic in (False, True):
                    request = InvokeRequest(
                        target=MethodTarget(interface.name, method.name, method.erased),
                        data=dumps(template.request),
                        registry=registry,
                        artifacts=tuple(jars),
                        generic=generic,
                        timeout_ms=30_000,
                    )
                    done = await invoke_once(request, invoker, Settings())
                    answers[f"{done.target} {'generic' if generic else 'typed'}"] = done.answer
    finally:
        await invoker.close()
    return answers


def test_template_command(artifact: Artifact, capsys: pytest.CaptureFixture[str]) -> None:
    target = ["template", "BizOrderAiFacade#bizOrder", "--artifact", str(artifact(APIS[0]))]
    assert cli.execute(target) == 0
    out = capsys.readouterr().out
    assert '"amount": 1.00,' in out
    assert json.loads(out)[0]["items"][0]["qty"] == 1
    assert cli.execute([*target, "--response"]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["status"] == "CREATED"
    assert cli.execute([*target, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["method"] == "bizOrder(com.example.order.BizOrderRequest)"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["TransAiFacade#query", "--artifact", "trade"], "query(long)"),
        (["TransAiFacade#payOrder"], "no artifact"),
        (["TransAiFacade", "--artifact", "trade"], "names no method"),
        (
            ["com.example.trade.TransAiFacad#query", "--artifact", "trade"],
            "did you mean com.example.trade.TransAiFacade",
        ),
    ],
)
def test_template_errors(
    artifact: Artifact, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    jar = str(artifact(APIS[1]))
    assert cli.execute(["template", *(jar if text == "trade" else text for text in arguments)]) == 2
    assert said in capsys.readouterr().err


def test_a_generated_suite_runs_as_it_is(
    artifact: Artifact, sample_world: WorldState, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite, data = tmp_path / "suite", ["--data-dir", str(tmp_path / "data")]
    artifacts = [part for name in APIS for part in ("--artifact", str(artifact(name)))]
    assert (
        cli.execute(["generate", *artifacts, "--out", str(suite), "--registry", sample_world.registry, "--json"]) == 0
    )
    report = json.loads(capsys.readouterr().out)
    assert report["interfaces"] == 3
    assert cli.execute(["generate", *artifacts, "--out", str(suite)]) == 0
    assert capsys.readouterr().out.count("kept scenarios/") == 3

    code = cli.execute([*data, "run", str(suite), "--json"])
    outcome = json.loads(capsys.readouterr().out)
    counts = outcome["run"]["cases"]
    assert sum(counts.values()) == report["cases"]
    assert counts.get("error", 0) == 0
    # payOrder wants a payment that order has opened: the one case that a person has to complete
    assert (code, counts.get("failed")) == (1, 1), outcome


def test_a_generated_assertion_can_fail(
    artifact: Artifact, sample_world: WorldState, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite, jar = tmp_path / "suite", str(artifact(APIS[0]))
    assert cli.execute(["generate", "--artifact", jar, "--out", str(suite), "--registry", sample_world.registry]) == 0
    file = next((suite / "scenarios").glob("*.yaml"))
    text = file.read_text()
    file.write_text(text.replace('response.success type "boolean"', 'response.success type "text"'))
    assert file.read_text() != text
    capsys.readouterr()
    assert cli.execute(["--data-dir", str(tmp_path / "data"), "run", str(suite), "--case", "bizOrder", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["run"]["cases"]["failed"] == 1
