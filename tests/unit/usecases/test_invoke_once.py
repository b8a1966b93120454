"""One call: which method, which arguments, what is told when nobody answers."""

import asyncio
from pathlib import Path

import pytest

from workbench.errors import ErrorGroup, JsonError, UsageError, WorkbenchError
from workbench.invokers import MockInvoker
from workbench.model.contract import Contract, Interface, Method, Parameter
from workbench.model.json import dumps
from workbench.model.result import Cause, Failure
from workbench.model.targets import parse_target
from workbench.plugin_api import Answer, DubboCall
from workbench.settings import Settings
from workbench.usecases import invoke_once as module
from workbench.usecases.invoke_once import Invocation, InvokeRequest, invoke_once

X = "com.x.Facade"
LONG = Method("get", (Parameter("id", "long"),), ("long",), "java.lang.String")
LIST = Method("all", (Parameter("ids", "java.util.List<java.lang.Long>"),), ("java.util.List",))
NONE = Method("now")
CONTRACT = Contract((Interface(X, (LONG, LIST, NONE)),))
SETTINGS = Settings()


@pytest.fixture
def jar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A jar whose contract is CONTRACT."""
    (tmp_path / "x.jar").write_bytes(b"")
    monkeypatch.setattr(module, "import_artifact", lambda paths, **options: CONTRACT)
    return str(tmp_path / "x.jar")


@pytest.fixture
def registry(tmp_path: Path) -> str:
    definition = {"canonicalName": X, "methods": [{"name": "get", "parameterTypes": ["long"]}]}
    url = f"dubbo://h:1/{X}?version=1.0.0"
    (tmp_path / "registry.json").write_text(dumps({"urls": [url], "definitions": [definition]}))
    return str(tmp_path / "registry.json")


def _invoke(answer: Answer | None = None, **request: object) -> tuple[Invocation, DubboCall]:
    invoker = MockInvoker(lambda call: answer or Answer(response='"ok"'))
    request = {"target": f"{X}#get", "data": "[1]", "url": "dubbo://h:1"} | request
    asked = InvokeRequest(target=parse_target(str(request.pop("target"))), **request)  # type: ignore[arg-type]
    invocation = asyncio.run(invoke_once(asked, invoker, SETTINGS))
    return invocation, invoker.calls[0]


@pytest.mark.parametrize("target", [f"{X}#get", "Facade#get", f"{X}#get(long)"])
def test_the_artifact_completes_the_target(jar: str, target: str) -> None:
    invocation, call = _invoke(target=target, artifacts=(jar,), version="2", attachments={"a": "b"}, timeout_ms=7)
    assert (call.interface, call.method, call.erased, call.arguments) == (X, "get", ("long",), "[1]")
    assert (call.version, call.attachments, call.timeout_ms, call.mode) == ("2", {"a": "b"}, 7, "")
    assert call.target.artifacts == (jar,)
    assert call.target.contract is CONTRACT
    assert invocation.target == f"{X}#get(long)"
    assert invocation.answer.response == '"ok"'


def test_the_registry_completes_the_target(registry: str) -> None:
    _, call = _invoke(registry=registry, url="", data="9223372036854775807")
    assert (call.erased, call.arguments) == (("long",), "[9223372036854775807]")
    assert call.target.registries == (registry,)


@pytest.mark.parametrize(
    ("target", "data", "arguments"),
    [
        ("get", "1", "[1]"),
        ("get", " [1] ", "[1]"),
        ("all", "[[1, 2]]", "[[1, 2]]"),
        ("now", "", "[]"),
        ("now", "[]", "[]"),
    ],
)
def test_arguments(jar: str, target: str, data: str, arguments: str) -> None:
    assert _invoke(target=f"{X}#{target}", data=data, artifacts=(jar,))[1].arguments == arguments


@pytest.mark.parametrize(
    ("request_", "error", "said"),
    [
        ({"data": ""}, UsageError, "no arguments"),
        ({"data": "{"}, JsonError, "--data"),
        ({"data": "[1, 2]"}, UsageError, "2 arguments given, 1 wanted"),
        ({"data": '["1"]'}, ErrorGroup, "write 1 without quotes"),
        ({"target": f"{X}#got"}, UsageError, "did you mean get"),
        ({"target": "com.x.Facde#get"}, UsageError, f"did you mean {X}"),
        ({"url": ""}, UsageError, "give --registry"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_sent(
    jar: str, request_: dict[str, str], error: type[WorkbenchError], said: str
) -> None:
    with pytest.raises(error) as raised:
        _invoke(artifacts=(jar,), **request_)
    assert said in str(raised.value)


def test_unchecked_sends_what_does_not_fit(jar: str) -> None:
    assert _invoke(artifacts=(jar,), data='["1"]', unchecked=True)[1].arguments == '["1"]'


def test_without_a_contract_the_types_must_be_named() -> None:
    with pytest.raises(UsageError, match="parameter types are not known"):
        _invoke()
    assert _invoke(target=f"{X}#get(long)", generic=True)[1].mode == "generic"


_NOBODY = Answer(failure=Failure(Cause.NO_PROVIDER, "No provider available"))


def test_the_registry_explains_why_nobody_answered(registry: str) -> None:
    invocation, _ = _invoke(_NOBODY, registry=registry, url="")
    failure = invocation.answer.failure
    assert failure is not None
    assert (failure.cause, failure.hint) == (Cause.VERSION_MISMATCH, "call it with --version 1.0.0")


def test_a_registry_that_cannot_explain_is_part_of_the_failure(tmp_path: Path) -> None:
    invocation, _ = _invoke(_NOBODY, target=f"{X}#get(long)", registry=str(tmp_path / "gone"), url="")
    failure = invocation.answer.failure
    assert failure is not None
    assert failure.cause is Cause.NETWORK
    assert "No provider available; the registry file cannot be read" in failure.message


@pytest.mark.parametrize("cause", [Cause.PROVIDER_EXCEPTION, Cause.TIMEOUT, Cause.NO_METHOD])
def test_other_failures_stay_as_they_are(registry: str, cause: Cause) -> None:
    answer = Answer(failure=Failure(cause, "m"))
    assert _invoke(answer, registry=registry, url="", version="1.0.0")[0].answer is answer
