"""The tables of schedules, and of the times at which they fired."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from workbench.storage.tables import MYSQL, NAME, Id, LongText, metadata

schedules = Table(
    "schedules",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subsystem", String(NAME), nullable=False),
    Column("name", String(NAME), nullable=False),
    Column("version", String(NAME), nullable=False),  # "": the newest
    Column("cron", String(NAME), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("missed", String(16), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("body", LongText, nullable=False),  # JSON of model.schedule.Order
    Column("author", String(NAME), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("next_us", BigInteger, nullable=False, index=True),  # 0: never, for it is paused
    Column("last_us", BigInteger, nullable=False),  # 0: it never fired
    Column("last_run", String(NAME), nullable=False),
    Column("last_said", Text, nullable=False),
    UniqueConstraint("subsystem", "name"),
    **MYSQL,
)

schedule_fires = Table(
    "schedule_fires",
    metadata,
    Column("id", Id, primary_key=True),
    Column("schedule_id", Id, ForeignKey("schedules.id"), nullable=False),
    Column("due_us", BigInteger, nullable=False),
    Column("fired_us", BigInteger, nullable=False),
    Column("server", String(NAME), nullable=False),
    Column("run", String(NAME), nullable=False),
    Column("said", Text, nullable=False),
    Column("alive_us", BigInteger, nullable=False, server_default="0", index=True),  # 0: it is told what came of it
    UniqueConstraint("schedule_id", "due_us"),  # no time comes twice, whatever else goes wrong
    **MYSQL,
)
