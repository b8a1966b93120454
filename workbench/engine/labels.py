"""Causes of the suite's own: its rules name failures on their way out of the engine. A verdict is never changed.

The first rule whose conditions all hold gives a failure its label, side and hint. A case is told with the label of the
step that decided it, since only a step knows the exception.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from workbench.engine.ports import Sink
from workbench.errors import ExpressionError
from workbench.expr import search
from workbench.model.events import AnyEvent, CaseFinished, ScenarioFinished, StepFinished
from workbench.model.result import Attempt, Failure, RemoteException, Side, StepResult
from workbench.model.suite import CauseRule


def labelled(sink: Sink, rules: Sequence[CauseRule]) -> Sink:
    """A sink that names failures by these rules; the sink itself when there are none."""
    return _Labelling(sink, rules) if rules else sink


class _Named(NamedTuple):
    """The failure of a step before and after it was named."""

    step: str
    plain: Failure
    named: Failure


class _Labelling:
    def __init__(self, sink: Sink, rules: Sequence[CauseRule]) -> None:
        self._sink = sink
        self._rules = rules
        self._steps: dict[str, list[_Named]] = {}  # by item, or by scenario for its setup and teardown

    def __call__(self, event: AnyEvent) -> None:
        if type(event) is StepFinished and event.result.failure is not None:
            event = replace(event, result=self._step(event.item, event.result))
        elif type(event) is CaseFinished:
            result = event.result
            known = [*self._steps.pop(result.item, ()), *self._steps.get(result.scenario, ())]
            if result.failure is not None:
                first = sorted(known, key=lambda each: each.step != result.failed_step)
                event = replace(event, result=replace(result, failure=self._told(result.failure, first)))
        elif type(event) is ScenarioFinished:
            known = self._steps.pop(event.scenario, [])  # setup and teardown of one scenario
            if event.failure is not None:
                event = replace(event, failure=self._told(event.failure, known))
        self._sink(event)

    def _step(self, item: str, result: StepResult) -> StepResult:
        attempts = tuple(self._attempt(each) for each in result.attempts)
        plain = result.failure
        if plain is None:
            return result
        named = self._named(plain, attempts[-1].exception if attempts else None)
        self._steps.setdefault(item, []).append(_Named(result.id, plain, named))
        return replace(result, failure=named, attempts=attempts)

    def _attempt(self, attempt: Attempt) -> Attempt:
        if attempt.failure is None:
            return attempt
        return replace(attempt, failure=self._named(attempt.failure, attempt.exception))

    def _told(self, failure: Failure, known: Iterable[_Named]) -> Failure:
        """As the step was told that this failure is of, also when it is told as the failure of a setup."""
        for each in known:
            if failure.cause is each.plain.cause and failure.message.endswith(each.plain.message) and each.named.label:
                return replace(each.named, message=failure.message)
        return self._named(failure, None)

    def _named(self, failure: Failure, exception: RemoteException | None) -> Failure:
        for rule in self._rules:
            if _fits(rule, failure, exception):
                side = Side(rule.side) if rule.side else None
                return replace(failure, label=rule.label, side=side, hint=rule.hint or failure.hint)
        return failure


def _fits(rule: CauseRule, failure: Failure, exception: RemoteException | None) -> bool:
    if rule.cause and failure.cause.value not in rule.cause:
        return False
    if rule.message and not _found(rule.message, failure.message):
        return False
    if not rule.exception:
        return True
    thrown = (exception, *exception.causes) if exception else ()
    return any(_found(rule.exception, each.class_name) for each in thrown)


def _found(expression: str, text: str) -> bool:
    """An expression that takes too long on this text names nothing; that it is one was checked with the suite."""
    try:
        return search(expression, text)
    except ExpressionError:
        return False
