"""Secrets never leave the engine: their values are replaced in every event, also URL- and base64-coded.

The same is done for personal data: a rule is a path (`response.data.phone`); what it finds in a step is masked in that
step's event and in all later ones of the same case. What the plan says of itself (names, ids, kinds) is left alone: it
holds no values, and a password `PASSED` must not take verdicts apart.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from workbench.engine.ports import Sink
from workbench.engine.secret_forms import MASK, Forms, leaves
from workbench.errors import JsonError
from workbench.expr import Path, compile_path
from workbench.model import json
from workbench.model.events import AnyEvent, CaseFinished, StepFinished, encoder
from workbench.model.json import Json

# Fields that repeat what the plan says, or words of ours.
_OURS = frozenset(
    {
        *("event", "run", "suite", "subsystem", "version", "environment", "item", "case", "scenario", "name", "id"),
        *("step", "kind", "verdict", "phase", "parent", "target", "mode", "cause", "level", "operator"),
        *("priority", "tags", "requirements", "failed_step", "text_code"),
    }
)
_PAYLOADS = frozenset(
    {"request", "response", "row_values", "context", "expected", "actual", "code", "fields", "extracted"}
)


def masked(sink: Sink, secrets: Iterable[Json], rules: Iterable[str] = ()) -> Sink:
    """A sink that masks these values and what the rules find; the sink itself when there are neither."""
    forms = Forms(leaf for value in secrets for leaf in leaves(value))
    paths = [compile_path(rule, where="mask") for rule in rules]
    return Masking(sink, forms, paths) if forms or paths else sink


class Masking:
    def __init__(self, sink: Sink, forms: Forms, paths: list[Path]) -> None:
        self._sink = sink
        self._forms = forms
        self._paths = paths
        self._personal: dict[str, Forms] = {}  # item → forms of the secrets and of what was found in it so far

    def __call__(self, event: AnyEvent) -> None:
        item = event.result.item if isinstance(event, CaseFinished) else getattr(event, "item", "")
        if self._paths and isinstance(event, StepFinished):
            for attempt in event.result.attempts:
                self.learn(item, attempt.request, attempt.response)
        self._sink(_cleaned(event, self._personal.get(item, self._forms)))
        if isinstance(event, CaseFinished):
            self._personal.pop(item, None)

    def learn(self, item: str, request: str | None, response: str | None) -> None:
        """What the rules find in a call under way is masked from now on: its log comes before its end."""
        if self._paths and (request or response):
            found = self._found({"request": _decoded(request), "response": _decoded(response)})
            self._personal[item] = self._personal.get(item, self._forms).plus(found)

    def _found(self, scope: dict[str, Json]) -> Iterator[Json]:
        for path in self._paths:
            yield from leaves(path.find(scope))


def _cleaned(event: AnyEvent, forms: Forms) -> AnyEvent:
    if not forms.may_be_in(encoder.encode(event).decode()):
        return event
    cleaned: AnyEvent = msgspec.convert(_walked(msgspec.to_builtins(event), "", forms), AnyEvent)
    return cleaned


def _walked(value: Any, name: str, forms: Forms) -> Any:
    if isinstance(value, str):
        return value if name in _OURS else _payload(value, forms) if name in _PAYLOADS else forms.clean(value)
    if isinstance(value, dict):
        inside = name if name == "extracted" else ""  # its keys are the plan's, its values payloads
        return {key: _walked(each, inside or key, forms) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_walked(each, name, forms) for each in value]
    return value


def _payload(text: str, forms: Forms) -> str:
    """JSON text stays JSON text: where a mask stands in the place of a number it becomes a text."""
    clean = forms.clean(text)
    if clean == text:
        return text
    try:
        json.loads(clean)
    except JsonError:
        try:
            return json.dumps(_masked_leaves(json.loads(text), forms))
        except JsonError:
            return json.dumps(MASK)  # it was no JSON before: nothing of it is shown
    return clean


def _masked_leaves(value: Json, forms: Forms) -> Json:
    if isinstance(value, dict):
        return {forms.clean(key): _masked_leaves(each, forms) for key, each in value.items()}
    if isinstance(value, list):
        return [_masked_leaves(each, forms) for each in value]
    if value is None or isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    clean = forms.clean(text)
    return value if clean == text else clean


def _decoded(text: str | None) -> Json:
    try:
        return None if text is None else json.loads(text)
    except JsonError:
        return None  # the step has told that it cannot be read
