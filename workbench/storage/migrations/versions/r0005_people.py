"""Users, groups and what they may, sessions, tokens, the audit log; heads of cases and scenarios, for lists."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import LONGTEXT

revision = "0005"
down_revision = "0004"

_MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
_ID, _NAME, _HASH, _RIGHT, _TIME = sa.String(13), sa.String(200), sa.String(64), sa.String(16), sa.BigInteger()
_LONG = sa.Text().with_variant(LONGTEXT(), "mysql", "mariadb")


def upgrade() -> None:
    _table("users", "id", id=_ID, name=_NAME, password=sa.String(255), administrator=sa.Boolean(),
           disabled=sa.Boolean(), created_us=_TIME, unique="name")  # fmt: skip
    _table("user_groups", "id", id=_ID, name=_NAME, created_us=_TIME, unique="name")
    _table("memberships", "group_id", "user_id", group_id=_ID, user_id=_ID, role=_RIGHT,
           refers={"group_id": "user_groups", "user_id": "users"})  # fmt: skip
    _table("subsystem_groups", "subsystem_id", subsystem_id=_ID, group_id=_ID,
           refers={"subsystem_id": "subsystems", "group_id": "user_groups"})  # fmt: skip
    _table("sessions", "id", id=_ID, hash=_HASH, user_id=_ID, created_us=_TIME, expires_us=_TIME,
           unique="hash", refers={"user_id": "users"})  # fmt: skip
    _table("tokens", "id", id=_ID, hash=_HASH, user_id=_ID, name=_NAME, scope=_RIGHT, created_us=_TIME,
           expires_us=_TIME, used_us=_TIME, unique="hash", refers={"user_id": "users"})  # fmt: skip
    _table("invitations", "id", id=_ID, hash=_HASH, user_id=_ID, expires_us=_TIME,
           unique="hash", refers={"user_id": "users"}, optional="user_id")  # fmt: skip
    _table("audit", "id", id=_ID, at_us=_TIME, actor=_NAME, via=_NAME, address=sa.String(64), action=sa.String(64),
           subsystem=_NAME, subject=sa.Text(), before=_LONG, after=_LONG)  # fmt: skip
    op.create_index("ix_audit_subsystem", "audit", ["subsystem"])
    _table("heads", "revision_id", revision_id=_ID, head=_LONG, refers={"revision_id": "revisions"})
    _heads(op.get_bind())


def _table(table: str, /, *key: str, unique: str = "", optional: str = "", refers: Any = (), **columns: Any) -> None:
    constraints: list[Any] = [sa.PrimaryKeyConstraint(*key, name=f"pk_{table}")]
    if unique:
        constraints.append(sa.UniqueConstraint(unique, name=f"uq_{table}_{unique}"))
    constraints += [
        sa.ForeignKeyConstraint([column], [f"{dict(refers)[column]}.id"], name=f"fk_{table}_{column}")
        for column in refers
    ]
    held = [sa.Column(column, type_, nullable=column == optional) for column, type_ in columns.items()]
    op.create_table(table, *held, *constraints, **_MYSQL)


_KEPT = ("case", "scenario", "priority", "tags", "owner", "requirements", "dataset", "disabled", "state")
_TARGETS = ("step", "dubbo", "http", "tool", "use")


def _heads(connection: sa.Connection) -> None:
    """Of all revisions of cases and scenarios, a thousand at a time."""
    query = sa.text(
        "SELECT r.id, r.body FROM revisions r JOIN documents d ON d.id = r.document_id "
        "WHERE d.kind IN ('case', 'scenario') AND r.id > :last ORDER BY r.id LIMIT 1000"
    )
    insert = sa.text("INSERT INTO heads (revision_id, head) VALUES (:id, :head)")
    last = ""
    while rows := connection.execute(query, {"last": last}).all():
        last = rows[-1].id
        connection.execute(insert, [{"id": row.id, "head": _head(row.body)} for row in rows])


def _head(body: str) -> str:
    whole = json.loads(body, parse_int=str, parse_float=str)
    head = {name: whole[name] for name in _KEPT if name in whole}
    if "until" in whole.get("quarantine", {}):
        head["quarantine"] = {"until": whole["quarantine"]["until"]}
    if steps := [{name: each[name] for name in _TARGETS if name in each} for each in whole.get("steps", ())]:
        head["steps"] = steps
    return json.dumps(head, ensure_ascii=False, separators=(",", ":"))
