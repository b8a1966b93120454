"""A suite expects exceptions of a live provider: every part can be asserted, and each wrong expectation is red."""

import pytest

from workbench.model.result import Verdict

FACADE = "com.example.calls.CallsFacade"
DOOR = "com.example.calls.provider.DoorShutException"
REFUSED = "com.example.calls.RefusedException"
VIOLATION = "jakarta.validation.ConstraintViolationException"
CHECKED = ("refuse(java.lang.String)", '["checked"]')
# what is called → what holds of its exception
RIGHT = {
    CHECKED: f"""
exception.class == "{REFUSED}"
exception.message == "refused: C-17"
exception.code == "C-17"
exception.fields.limit same 41.50
exception.fields.details == ["first", "second"]
exception.causes size 2
exception.causes[0].class == "java.lang.IllegalStateException"
exception.causes[0].message == "over the limit"
exception.causes[1].message starts_with "42"
exception.causes[?@.class == "java.lang.IllegalArgumentException"].message == ["42 is too much"]
provider == "PLACE"
response absent""",
    ("laterRefused(java.lang.String)", '["C-9"]'): f"""
exception.class == "{REFUSED}"
exception.code == "C-9"
provider == "PLACE" """,
    ("refuse(java.lang.String)", '["unchecked"]'): """
exception.class == "com.example.calls.BusyException"
exception.code == 429
exception.causes[0].message == "queue is full" """,
    ("refuse(java.lang.String)", '["unknown"]'): f"""
exception.class == "{DOOR}"
exception.message == "inside"
exception.causes[0].class == "java.lang.IllegalArgumentException"
exception.code is_null""",
    ("where()", "[]"): f"""
exception.class == "{DOOR}"
exception.causes[0].message == "the key is lost"
provider == "PLACE" """,
    ("send(com.example.calls.Parcel)", '[{"receiver": " ", "weight": 1}]'): f"""
exception.class == "{VIOLATION}"
exception.message contains "receiver must be given"
exception.fields.constraintViolations[0].interpolatedMessage == "receiver must be given" """,
}
# expectations of the first call above that do not hold → a part of what the failure says
WRONG = {
    f'exception.class == "{DOOR}"': REFUSED,
    'exception.message == "refused: C-18"': "C-17",
    'exception.code == "C-18"': "C-17",
    "exception.fields.limit same 41.5": "41.50",
    'exception.fields.details == ["first"]': "second",
    "exception.fields.reason exists": "exception.fields.reason",
    "exception.causes size 1": "2",
    'exception.causes[0].class == "java.lang.RuntimeException"': "java.lang.IllegalStateException",
    'exception.causes[1].message == "x"': "42 is too much",
    'exception.class exists\nprovider == "198.51.100.7:20880"': "PLACE",
}


def step(number: int, call: tuple[str, str], assertions: str, rest: str = "") -> str:
    lines = "".join(f"          {line.strip()}\n" for line in assertions.strip().splitlines())
    door = "        attachments: {door: shut}\n" if call[0] == "where()" else ""
    return (
        f"      - step: call {number}\n        dubbo: {FACADE}#{call[0]}\n        request: '{call[1]}'\n{door}{rest}"
        f"        assert: |\n{lines}"
    )


@pytest.fixture
def run_steps(tmp_path, own_provider, zookeeper, run_live):
    """run_steps([…]): a suite of these steps, all of them run whatever the others end as; PLACE is the provider's."""
    provider = own_provider("calls", serialize_check="DISABLE")
    place = provider.address.removeprefix("dubbo://")

    def run(steps):
        folder = tmp_path / "exceptions"
        (folder / "scenarios").mkdir(parents=True)
        (folder / "suite.yaml").write_text(
            "suite: exceptions\nsubsystem: calls\nartifacts: [samples://calls-api-1.0.0.jar]\n"
            f"environments:\n  live:\n    registries: ['{zookeeper.address}']\n"
        )
        (folder / "scenarios" / "one.yaml").write_text(
            "id: scen0001\nscenario: one\ncases:\n  - id: case0001\n    case: one\n    on_failure: continue\n"
            "    steps:\n" + "".join(steps).replace("PLACE", place)
        )
        return run_live(folder), place

    return run


def test_every_part_of_an_exception_is_asserted(run_steps):
    steps = [step(number, call, assertions) for number, (call, assertions) in enumerate(RIGHT.items())]
    kept = "        extract: {limit: exception.fields.limit}\n"
    steps.append(step(len(steps), CHECKED, "exception.fields.limit same 41.50\nctx.limit same 41.50", kept))
    generic = f"""
exception.class == "{REFUSED}"
exception.message == "refused: C-17"
exception.code is_null
exception.fields == {{}}
exception.causes size 0
provider == "PLACE" """
    steps.append(step(len(steps), CHECKED, generic, "        mode: generic\n"))
    outcome, place = run_steps(steps)
    assert outcome.judged == ("PASSED", ""), [one.failure for one in outcome.steps]
    attempts = [one.attempts[0] for one in outcome.steps]
    assert len(attempts) == len(RIGHT) + 2
    assert {attempt.provider for attempt in attempts} == {place}
    assert all(attempt.exception is not None for attempt in attempts)


def test_each_wrong_expectation_is_red(run_steps):
    outcome, place = run_steps([step(number, CHECKED, wrong) for number, wrong in enumerate(WRONG)])
    assert len(outcome.steps) == len(WRONG)
    for one, (wrong, told) in zip(outcome.steps, WRONG.items(), strict=True):
        assert (one.verdict, one.failure and one.failure.cause.value) == (Verdict.FAILED, "ASSERTION"), wrong
        assert told.replace("PLACE", place) in one.failure.message, (wrong, one.failure.message)
