"""Every type of the zoo, typed and generic, against a typed Java consumer: same request, same answer, same types.

The provider says what it saw; the oracle makes the same call with the API's classes. Generic calls are made with the
contract of the jar and with what the registry tells. Limits stand in tests/zoo/limits.json with their cases; one that
no longer occurs fails here too, as does one that changes a value and is not noted in the answer.
"""

import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bridge_calls import Caller
from msgspec.structs import replace
from zoo_cases import Case, limits_of, load_cases, load_limits
from zoo_oracle import Told, ask, misfit, number, same_number

from workbench.errors import WorkbenchError
from workbench.expr.request import compile_json
from workbench.model.contract import Contract
from workbench.model.json import Json, loads
from workbench.model.plan import Target
from workbench.model.streams import request_types
from workbench.model.targets import find_method
from workbench.plugin_api import Answer
from workbench.settings import Settings
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.list_services import list_services
from workbench.usecases.samples import SampleProcess, WorldState, sample_artifact

CASES = load_cases()
LIMITS = load_limits()
MODES = ("typed", "generic", "registry")
LIMITED = {mode: limits_of(mode) for mode in (*MODES, "wire")}
FAST = [case for case in CASES if case.first]
SEEN = ("java.lang.String",)
MAY_BE = ("a null in a generic request", "the contract does not tell the type here")  # notes that say what may happen


class Rig:
    """The workbench's side: contracts out of the jar and of the registry, a bridge, and what the provider saw."""

    def __init__(self, caller: Caller, url: str, registry: str) -> None:
        jar = sample_artifact("zoo-api-1.0.0.jar")
        contract = import_artifact([jar])
        told = list_services(Settings(), registry, interfaces=("com.example.zoo.*",)).contract()
        self.caller = caller
        self.sight = ""
        self.targets = {
            "typed": Target(url=url, artifacts=(str(jar),), contract=contract, timezone="UTC"),
            "generic": Target(url=url, contract=contract, timezone="UTC"),
            "registry": Target(url=url, contract=told, timezone="UTC"),
        }

    def send(self, case: Case, mode: str, request: str, **more: Any) -> Answer:
        """Checked against the contract as any request is, then called."""
        contract: Contract = self.targets[mode].contract
        parameters = request_types(find_method(contract, case.target), contract.types)
        text = compile_json(request, parameters=parameters, types=contract.types).render({})
        # a name of its own for each call: other test processes send the same cases to the same provider
        self.sight = f"{case.id}@{uuid.uuid4().hex}"
        return self.caller(
            self.targets[mode],
            case.interface,
            case.method,
            case.erased,
            text,
            attachments={"zoo.case": self.sight},
            **more,
        )

    def seen(self, case: Case) -> Json:
        """What arrived of the last call, as typed JSON; None when nothing did."""
        answer = self.caller(self.targets["typed"], case.interface, "seen", SEEN, f'["{self.sight}"]')
        assert answer.failure is None, answer.failure
        text = loads(answer.response or "null")
        return None if text is None else _json(text)


def _json(text: str) -> Json:
    import json

    return json.loads(text)


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory, zoo_world: WorldState) -> Iterator[Rig]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield Rig(caller, zoo_world["zoo"].address, zoo_world.registry)
    caller.close()


@pytest.fixture(scope="module")
def oracle(zoo: SampleProcess) -> dict[str, Told]:
    return ask(zoo.address, [case for case in CASES if not case.refused])


def exact(a: Json, b: Json) -> bool:
    """Equal in value, scale and type."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(exact(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(exact, a, b))
    return same_number(a, b) if number(a) and number(b) else type(a) is type(b) and a == b


def found(rig: Rig, case: Case, before: Answer, told: Told) -> tuple[str, str]:
    """What happened instead: an effect of Limit and the details; two empty texts when all is equal."""
    seen = rig.seen(case)
    if before.failure is not None:
        return "refused", f"{before.failure.cause}: {before.failure.message}"
    if seen != told["seen"]:
        return "request", f"the provider saw {seen}, of the oracle {told['seen']}"
    response = loads(before.response or "")
    wrong = "" if case.id in LIMITED["wire"] else misfit(told["received"], response)
    if wrong:
        return "answer", wrong
    if not exact(response, loads(case.out)):
        return "answer", f"{before.response} instead of {case.out}"
    return "", ""


def returns(rig: Rig, case: Case, told: Told) -> None:
    """An answer can be sent as a request and means the same; references begin at the argument there.

    Where no declared type tells what a value is, it has to say its class.
    """
    for show_classes in (False, True):
        answer = rig.send(case, "typed", case.request, show_classes=show_classes)
        if not show_classes and case.stated:
            continue
        again = (answer.response or "").replace('{"$ref":"$', '{"$ref":"$[0]')
        back = rig.send(case, "typed", f"[{again}]")
        assert back.failure is None, back.failure
        assert rig.seen(case) == [told["received"]]


def attempted(rig: Rig, case: Case, mode: str, told: Told) -> tuple[tuple[str, ...], str, str]:
    """The warnings, and what `found` says; a request that the check before sending refuses is refused."""
    try:
        answer = rig.send(case, mode, case.request)
    except WorkbenchError as error:
        return (), "refused", str(error)
    return tuple(answer.warnings), *found(rig, case, answer, told)


def check(rig: Rig, case: Case, mode: str, told: Told) -> None:
    warnings, effect, details = attempted(rig, case, mode, told)
    name = LIMITED[mode].get(case.id)
    if name is None:
        assert not effect, f"{effect}: {details}"
        assert mode == "typed" or all(any(may in one for may in MAY_BE) for one in warnings), warnings
        return
    limit = LIMITS[name]
    assert effect == limit.effect, f"the limit {name!r} no longer shows so: {effect or 'all is equal'} {details}"
    assert limit.error in details
    if effect != "refused":
        noted = bool(limit.note) and any(limit.note in warning for warning in warnings)
        assert noted is (mode not in limit.unnoted), f"the note of {name!r}: {warnings}"


def refuses(rig: Rig, case: Case) -> None:
    with pytest.raises(WorkbenchError) as caught:
        rig.send(case, "typed", case.request)
    assert case.refused in str(caught.value)


def run(rig: Rig, case: Case, mode: str, oracle: dict[str, Told]) -> None:
    if case.refused:
        refuses(rig, case)
        return
    told = oracle[case.id]
    wire = LIMITED["wire"].get(case.id)
    whole = told["sent"] == told["seen"] and "received" in told and told["sent"][:1] in ([told["received"]], [])
    if case.echo:
        assert whole is (wire is None), f"a Java consumer: {wire}: {told}"
    check(rig, case, mode, told)
    if mode == "typed" and case.echo and not wire and case.id not in LIMITED["typed"]:
        returns(rig, case, told)


def ids(case: Any) -> str:
    return case.id if isinstance(case, Case) else str(case)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", FAST, ids=ids)
def test_first_case_of_each_method(rig: Rig, oracle: dict[str, Told], case: Case, mode: str) -> None:
    run(rig, case, mode, oracle)


def test_a_field_that_hides_two_others_is_named_with_their_classes(rig: Rig, oracle: dict[str, Told]) -> None:
    case = next(case for case in CASES if case.id == "objects.shade.0")
    (warning,) = rig.send(case, "typed", case.request).warnings
    told = (
        "Low has a field code that hides those of com.example.zoo.Shade$Middle and com.example.zoo.Shade: with hessian2"
    )
    assert told in warning
    answer = rig.send(case, "generic", '[{"code": [1], "top": "t"}]')
    assert answer.failure is not None
    assert "the field code of com.example.zoo.Shade$Low hides one of another type in" in answer.failure.message
    assert rig.seen(case) is None, "nothing was sent"
    assert rig.send(case, "generic", '[{"top": "t"}]').failure is None, "the other fields go"


def test_a_call_that_lacks_classes_is_told_what_the_contract_knows(rig: Rig, tmp_path: Path) -> None:
    """A whole number in a List<Long> is a Long, also where another method's class keeps the call from being typed."""
    lame = tmp_path / "lame.jar"
    with zipfile.ZipFile(sample_artifact("zoo-api-1.0.0.jar")) as whole, zipfile.ZipFile(lame, "w") as part:
        for name in whole.namelist():
            if not name.startswith("com/example/zoo/Shelf"):
                part.writestr(name, whole.read(name))
    target = replace(rig.targets["typed"], artifacts=(str(lame),), contract=import_artifact([lame]))
    rig.sight = uuid.uuid4().hex
    generics = "com.example.zoo.GenericFacade"
    answer = rig.caller(
        target,
        generics,
        "boxes",
        ("com.example.zoo.Box",),
        '[{"value":{"value":[1]}}]',
        attachments={"zoo.case": rig.sight},
    )
    assert answer.mode == "generic", answer.failure
    assert "zoo.Shelf" in answer.warnings[0]
    seen = rig.caller(rig.targets["typed"], generics, "seen", SEEN, f'["{rig.sight}"]').response or ""
    assert '[{"java.lang.Long":"1"}]' in loads(seen)


@pytest.mark.matrix
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", CASES, ids=ids)
def test_every_case(rig: Rig, oracle: dict[str, Told], case: Case, mode: str) -> None:
    run(rig, case, mode, oracle)
