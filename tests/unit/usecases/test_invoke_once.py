"""One call: which method, which arguments, what is told when nobody answers."""

import asyncio
from pathlib import Path

import pytest

from workbench.errors import ErrorGroup, JsonError, RegistryError, UsageError, WorkbenchError
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


def test_classes_are_shown_where_they_are_asked_for(jar: str) -> None:
    assert _invoke(artifacts=(jar,), data="[1]", show_classes=True)[1].show_classes
    assert not _invoke(artifacts=(jar,), data="[1]")[1].show_classes


def test_unchecked_sends_what_does_not_fit(jar: str) -> None:
    assert _invoke(artifacts=(jar,), data='["1"]', unchecked=True)[1].arguments == '["1"]'


def test_without_a_contract_the_provider_takes_its_one_method_of_that_name() -> None:
    assert _invoke()[1].erased is None
    with pytest.raises(UsageError, match="nothing tells which interface Facade is"):
        _invoke(target="Facade#get")
    assert _invoke(target=f"{X}#get(long)", generic=True)[1].mode == "generic"


_NOBODY = Answer(failure=Failure(Cause.NO_PROVIDER, "No provider available"))


def test_the_registry_explains_why_nobody_answered(registry: str) -> None:
    invocation, _ = _invoke(_NOBODY, registry=registry, url="")
    failure = invocation.answer.failure
    assert failure is not None
    assert (failure.cause, failure.hint) == (Cause.VERSION_MISMATCH, "call it with --version 1.0.0")


def test_a_registry_that_cannot_explain_is_part_of_the_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise RegistryError("the registry cannot be reached")

    monkeypatch.setattr(module, "list_services", gone)
    invocation, _ = _invoke(_NOBODY, target=f"{X}#get(long)", registry="h:2181", url="")
    failure = invocation.answer.failure
    assert failure is not None
    assert failure.cause is Cause.NETWORK
    assert "No provider available; the registry cannot be reached" in failure.message


def test_hosts_alone_are_a_zookeeper() -> None:
    _, call = _invoke(target=f"{X}#get(long)", registry="a:2181,b:2181/root", url="")
    assert call.target.registries == ("zookeeper://a:2181,b:2181/root",)


def test_a_file_of_providers_is_called_directly(registry: str) -> None:
    _, call = _invoke(registry=registry, url="", version="1.0.0")
    assert call.target.url == "dubbo://h:1"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"url": "http://h:1"},
            "--url: http:// is no provider's protocol\n  → write dubbo://HOST:PORT or tri://HOST:PORT",
        ),
        ({"protocol": "thrift"}, "--protocol: there is no protocol thrift here"),
        ({"serialization": "kryo"}, "--serialization: there is no serialization kryo here\n  → write hessian2 or fast"),
        ({"timezone": "Asia/Shangai"}, "--timezone: there is no time zone 'Asia/Shangai'\n  → did you mean Asia/Shan"),
        (
            {"registry": "foo", "url": ""},
            "foo: is neither the address of a registry nor a file\n  → write zookeeper://",
        ),
        ({"data": "{", "data_from": "d.json"}, "d.json:1:2: not JSON"),
    ],
)
def test_what_no_call_can_be_made_of(more: dict[str, str], said: str) -> None:
    with pytest.raises(WorkbenchError) as caught:
        _invoke(target=f"{X}#get(long)", **more)
    assert said in str(caught.value)


def test_the_time_zone_is_the_targets(jar: str) -> None:
    assert _invoke(artifacts=(jar,), timezone="+08:00")[1].target.timezone == "+08:00"


def test_an_interface_that_is_not_there_names_near_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.jar").write_bytes(b"")

    def parsed(paths: object, interfaces: tuple[str, ...] = (), **_: object) -> Contract:
        return Contract(tuple(one for one in CONTRACT.interfaces if not interfaces or one.name in interfaces))

    monkeypatch.setattr(module, "import_artifact", parsed)
    with pytest.raises(UsageError, match=r"did you mean com\.x\.Facade"):
        _invoke(target="com.x.Facde#get", artifacts=(str(tmp_path / "x.jar"),))


@pytest.mark.parametrize("cause", [Cause.PROVIDER_EXCEPTION, Cause.TIMEOUT, Cause.NO_METHOD])
def test_other_failures_stay_as_they_are(registry: str, cause: Cause) -> None:
    answer = Answer(failure=Failure(cause, "m"))
    assert _invoke(answer, registry=registry, url="", version="1.0.0")[0].answer is answer
