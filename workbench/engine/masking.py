"""Secrets never leave the engine: their values are replaced in every event, also URL- and base64-coded.

The same is done for personal data: a rule is a path (`response.data.phone`); what it finds in a step is masked in that
step's event and in all later ones of the same case.
"""

import base64
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from workbench.engine.ports import Sink
from workbench.expr import MISSING, Path, compile_path
from workbench.model import json
from workbench.model.events import AnyEvent, CaseFinished, LogLine, StepFinished, decoder, encoder
from workbench.model.json import Json

MASK = "•••"
_SHORTEST = 3  # masking shorter values would tear unrelated texts apart


def masked(sink: Sink, secrets: Iterable[Json], rules: Iterable[str] = ()) -> Sink:
    """A sink that masks these values and what the rules find; the sink itself when there are neither."""
    forms = {form for value in secrets for form in _forms(value)}
    paths = [compile_path(rule, where="mask") for rule in rules]
    return _Masking(sink, forms, paths) if forms or paths else sink


class _Masking:
    def __init__(self, sink: Sink, forms: set[str], paths: list[Path]) -> None:
        self._sink = sink
        self._forms = _ordered(forms)
        self._paths = paths
        self._personal: dict[str, set[str]] = {}  # item → forms found in it so far

    def __call__(self, event: AnyEvent) -> None:
        if self._paths and type(event) is LogLine:
            return  # what is personal in it is known only when the step has ended; the step's result has its log
        item = _item(event)
        if self._paths and isinstance(event, StepFinished):
            self._personal.setdefault(item, set()).update(self._found(event))
        self._sink(_cleaned(event, [*self._forms, *_ordered(self._personal.get(item, set()))]))
        if isinstance(event, CaseFinished):
            self._personal.pop(item, None)

    def _found(self, event: StepFinished) -> Iterator[str]:
        for attempt in event.result.attempts:
            scope = {"request": _decoded(attempt.request), "response": _decoded(attempt.response)}
            for path in self._paths:
                for leaf in _leaves(path.find(scope)):
                    yield from _forms(leaf)


def _cleaned(event: AnyEvent, forms: list[bytes]) -> AnyEvent:
    line = clean = encoder.encode(event)
    for form in forms:
        clean = clean.replace(form, MASK.encode())
    return event if clean == line else decoder.decode(clean)


def _item(event: AnyEvent) -> str:
    return event.result.item if isinstance(event, CaseFinished) else getattr(event, "item", "")


def _decoded(text: str | None) -> Json:
    return None if text is None else json.loads(text)


def _leaves(value: Json) -> Iterator[Json]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif value is not MISSING and value is not None and not isinstance(value, bool):
        yield value


def _forms(value: Json) -> set[str]:
    """Every spelling under which a value may stand in an event's JSON (which holds JSON texts in turn)."""
    text = value if isinstance(value, str) else json.dumps(value)
    if len(text) < _SHORTEST:
        return set()
    forms: set[str] = set()
    for each in (text, quote(text, safe=""), quote_plus(text), base64.b64encode(text.encode()).decode()):
        once = json.dumps(each)[1:-1]
        forms |= {each, once, json.dumps(once)[1:-1]}
    return forms


def _ordered(forms: set[str]) -> list[bytes]:
    """Longest first, so that no form tears a longer one apart."""
    return [form.encode() for form in sorted(forms, key=len, reverse=True)]
