"""The audit log: who did what when, with before and after; written in the transaction of what was done."""

import time
from typing import Any

import sqlalchemy as sa
from msgspec import UNSET

from workbench.model import json
from workbench.model.json import Json
from workbench.storage.author import Author
from workbench.storage.keys import new_keys
from workbench.storage.tables_people import audit


def note(
    connection: sa.Connection,
    author: Author,
    action: str,
    subject: str,
    *,
    subsystem: str = "",
    before: Any = UNSET,
    after: Any = UNSET,
) -> None:
    """Note something that is done in this transaction.

    `action`: what was done to what kind of thing, `group-made`; `subject`: to which one; `before` and `after`: JSON
    values or model types, without what is secret, UNSET where there is none.
    """
    row = {
        "id": new_keys(1)[0],
        "at_us": time.time_ns() // 1000,
        "actor": author.name,
        "via": author.via,
        "address": author.address,
        "action": action,
        "subsystem": subsystem,
        "subject": subject,
        "before": _text(before),
        "after": _text(after),
    }
    connection.execute(sa.insert(audit), row)


def _text(value: Json) -> str:
    return "" if value is UNSET else json.dumps(value)
