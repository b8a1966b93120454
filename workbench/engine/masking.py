"""Secrets never leave the engine: their values are replaced in every event, also URL- and base64-coded."""

import base64
from urllib.parse import quote, quote_plus

from workbench.engine.ports import Sink
from workbench.model import json
from workbench.model.events import AnyEvent, decoder, encoder
from workbench.model.plan import RunPlan

MASK = "•••"
_SHORTEST = 3  # masking shorter values would tear unrelated texts apart


def masked(sink: Sink, plan: RunPlan) -> Sink:
    """A sink that masks the plan's secrets; the sink itself when there are none."""
    texts = sorted(_forms(plan), key=len, reverse=True)
    if not texts:
        return sink
    pairs = [(text.encode(), MASK.encode()) for text in texts]

    def masking(event: AnyEvent) -> None:
        line = encoder.encode(event)
        clean = line
        for secret, mask in pairs:
            clean = clean.replace(secret, mask)
        sink(event if clean == line else decoder.decode(clean))

    return masking


def _forms(plan: RunPlan) -> set[str]:
    """Every spelling under which a secret's value may stand in an event's JSON (which holds JSON texts in turn)."""
    forms: set[str] = set()
    for key in plan.secrets:
        value = plan.config.get(key)
        text = value if isinstance(value, str) else json.dumps(value)
        if len(text) < _SHORTEST:
            continue
        coded = {text, quote(text, safe=""), quote_plus(text), base64.b64encode(text.encode()).decode()}
        for each in coded:
            once = json.dumps(each)[1:-1]
            forms |= {each, once, json.dumps(once)[1:-1]}
    return forms
