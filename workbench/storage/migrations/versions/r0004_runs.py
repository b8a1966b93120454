"""Runs with their cases, and what people said of failures."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import LONGBLOB, LONGTEXT

revision = "0004"
down_revision = "0003"

_MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
_ID, _NAME = sa.String(13), sa.String(200)
_PACKED = sa.LargeBinary().with_variant(LONGBLOB(), "mysql", "mariadb")
_LONG = sa.Text().with_variant(LONGTEXT(), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "runs",
        _column("id", _ID),
        _column("run", _NAME),
        _column("subsystem", _NAME),
        _column("version", _NAME),
        _column("suite", sa.Text()),
        _column("environment", sa.Text()),
        _column("verdict", sa.String(16)),
        _column("finished", sa.Boolean()),
        _column("started_us", sa.BigInteger()),
        _column("elapsed_us", sa.BigInteger()),
        *(_column(name, sa.Integer()) for name in ("passed", "failed", "error", "timeout", "skipped", "stopped")),
        _column("plan", _PACKED),
        _column("events", _PACKED),
        sa.UniqueConstraint("run", name="uq_runs_run"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        **_MYSQL,
    )
    op.create_index("ix_runs_subsystem", "runs", ["subsystem", "started_us"])
    _run_cases()
    _conclusions()


def _run_cases() -> None:
    op.create_table(
        "run_cases",
        _column("run_id", _ID),
        _column("position", sa.Integer()),
        _column("item", sa.Text()),
        _column("case_key", sa.String(255)),
        _column("name", sa.Text()),
        _column("verdict", sa.String(16)),
        _column("side", sa.String(16)),
        _column("cause", sa.Text()),
        _column("message", _LONG),
        _column("failed_step", sa.Text()),
        _column("fingerprint", sa.String(64)),
        _column("started_us", sa.BigInteger()),
        _column("elapsed_us", sa.BigInteger()),
        _column("flaky", sa.Boolean()),
        _column("events", _PACKED),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_cases_run_id"),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_run_cases"),
        **_MYSQL,
    )
    op.create_index("ix_run_cases_fingerprint", "run_cases", ["fingerprint"])


def _conclusions() -> None:
    op.create_table(
        "conclusions",
        _column("id", _ID),
        _column("subsystem", _NAME),
        _column("fingerprint", sa.String(64)),
        _column("kind", sa.String(16)),
        _column("comment", sa.Text()),
        _column("link", sa.Text()),
        _column("author", _NAME),
        _column("created_us", sa.BigInteger()),
        _column("run", _NAME),
        sa.PrimaryKeyConstraint("id", name="pk_conclusions"),
        **_MYSQL,
    )
    op.create_index("ix_conclusions_subsystem", "conclusions", ["subsystem", "fingerprint"])


def _column(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)
