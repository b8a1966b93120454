"""The head of a revision: what lists show and filter by, a few hundred bytes beside a body of any size."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from workbench.model.suite import CaseState


class StepHead(Struct, frozen=True, omit_defaults=True):
    """Name and target of a step."""

    step: str = ""
    dubbo: str = ""
    http: str = ""
    tool: str = ""
    use: str = ""


class Until(Struct, frozen=True):
    until: str  # the last day of a quarantine


class CaseHead(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a list needs of a case; the rest of a body is passed over unread."""

    case: str
    priority: str = "P2"
    tags: tuple[str, ...] = ()
    owner: str = ""
    requirements: tuple[str, ...] = ()
    dataset: str = ""
    disabled: bool = False
    state: CaseState = "ready"
    quarantine: Until | None = None
    steps: tuple[StepHead, ...] = ()


class ScenarioHead(Struct, frozen=True, kw_only=True, omit_defaults=True):
    scenario: str
    tags: tuple[str, ...] = ()
    disabled: bool = False


_DECODERS: Mapping[str, msgspec.json.Decoder[Any]] = {
    "case": msgspec.json.Decoder(CaseHead),
    "scenario": msgspec.json.Decoder(ScenarioHead),
}
decode_case = msgspec.json.Decoder(CaseHead).decode
decode_scenario = msgspec.json.Decoder(ScenarioHead).decode


def head_rows(revisions: Iterable[tuple[str, str, str]]) -> list[dict[str, str]]:
    """Rows of the table heads for (revision, kind, body)."""
    return [
        {"revision_id": revision_id, "head": msgspec.json.encode(_DECODERS[kind].decode(body)).decode()}
        for revision_id, kind, body in revisions
        if kind in _DECODERS
    ]
