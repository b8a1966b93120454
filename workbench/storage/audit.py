"""The audit log: who did what when, with before and after; written in the transaction of what was done."""

import time
from typing import Any

import sqlalchemy as sa
from msgspec import UNSET, Struct

from workbench.errors import NotFoundError
from workbench.model import json
from workbench.model.json import Json
from workbench.model.noted import Action
from workbench.storage.author import Author
from workbench.storage.database import Database
from workbench.storage.keys import new_keys
from workbench.storage.tables_people import audit


def note(
    connection: sa.Connection,
    author: Author,
    action: Action,
    subject: str,
    *,
    subsystem: str = "",
    before: Any = UNSET,
    after: Any = UNSET,
) -> None:
    """Note something that is done in this transaction.

    `action`: what was done to what kind of thing, `group-added`; `subject`: to which one; `before` and `after`: JSON
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


class AuditEntry(Struct, frozen=True, kw_only=True):
    """Something that was done. `before` and `after`: JSON texts; "": there was nothing, or it is no such thing."""

    id: str
    at_us: int
    actor: str
    via: str
    address: str
    action: str
    subsystem: str
    subject: str
    before: str
    after: str


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(
        self,
        *,
        subsystems: frozenset[str] | None = None,
        actor: str = "",
        action: Action | None = None,
        offset: int = 0,
        limit: int = 100,
        newest_first: bool = True,
    ) -> tuple[list[AuditEntry], int]:
        """A page of them, and how many there are. `subsystems`: only of these; None: all, also what is of none."""
        named = ((audit.c.actor, actor), (audit.c.action, action))
        wanted = [column == text for column, text in named if text]
        if subsystems is not None:
            wanted.append(audit.c.subsystem.in_(sorted(subsystems)))
        query = (
            sa.select(audit)
            .where(*wanted)
            .order_by(audit.c.id.desc() if newest_first else audit.c.id)
            .limit(limit)
            .offset(offset)
        )
        with self._database.reading() as connection:
            total = connection.scalar(sa.select(sa.func.count()).select_from(audit).where(*wanted)) or 0
            return [AuditEntry(**row._mapping) for row in connection.execute(query)], total

    def entry(self, entry_id: str) -> AuditEntry:
        """Raises NotFoundError."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(audit).where(audit.c.id == entry_id)).first()
        if row is None:
            raise NotFoundError(
                f"there is no entry {entry_id!r} in the audit log", hint="`workbench audit list` names them"
            )
        return AuditEntry(**row._mapping)

    def note(self, author: Author, action: Action, subject: str) -> None:
        """Note what happened outside of a transaction: somebody was refused."""
        with self._database.writing() as connection:
            note(connection, author, action, subject)
