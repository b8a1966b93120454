"""The tables: documents with immutable revisions, versions that map documents to revisions, and what each save changed.

A version is nothing but its entries, so a new one copies no document. Each save of a version is numbered and keeps the
entries that it changed, before and after: so what a version was at any save is known, and can be brought back. What a
document holds is JSON *text* in a TEXT column: a database's own JSON type loses digits.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)  # fmt: skip
from sqlalchemy.dialects.mysql import LONGBLOB, LONGTEXT

NAME = 200  # characters of a subsystem's, version's or author's name
KEY = 255  # characters of an id, a file's name or a path; MySQL indexes no more than 767 of utf8mb4

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=_NAMING)
# Names and ids differ by case and accent, and hold any character, on MySQL too.
MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
Id = String(13)  # see keys.py
Packed = LargeBinary().with_variant(LONGBLOB(), "mysql", "mariadb")  # zlib of JSON text
LongText = Text().with_variant(LONGTEXT(), "mysql", "mariadb")  # its TEXT ends at 64 KB

subsystems = Table(
    "subsystems",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(NAME), nullable=False, unique=True),
    Column("created_us", BigInteger, nullable=False),
    **MYSQL,
)

versions = Table(
    "versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subsystem_id", Id, ForeignKey("subsystems.id"), nullable=False),
    Column("name", String(NAME), nullable=False),
    Column("position", Integer, nullable=False),  # the order of the release train
    Column("created_us", BigInteger, nullable=False),
    # In the trash since; 0: not. Its name stands beside then, and is free: see releases.py.
    Column("removed_us", BigInteger, nullable=False, server_default="0"),
    Column("removed_name", String(NAME), nullable=False, server_default=""),
    Column("removed_by", String(NAME), nullable=False, server_default=""),
    UniqueConstraint("subsystem_id", "name"),
    **MYSQL,
)

PRESENT = versions.c.removed_us == 0

documents = Table(
    "documents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subsystem_id", Id, ForeignKey("subsystems.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("key", String(KEY), nullable=False),
    UniqueConstraint("subsystem_id", "kind", "key"),
    Index("ix_documents_key", "key"),
    **MYSQL,
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 … of its document
    Column("parent_id", Id, ForeignKey("revisions.id")),  # null: the first
    Column("hash", String(64), nullable=False),  # SHA-256 of kind and body
    Column("author", String(NAME), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
    Column("body", LongText, nullable=False),
    UniqueConstraint("document_id", "number"),
    **MYSQL,
)

heads = Table(  # of revisions of cases and scenarios: see heads.py
    "heads",
    metadata,
    Column("revision_id", Id, ForeignKey("revisions.id"), primary_key=True),
    Column("head", LongText, nullable=False),  # JSON text
    **MYSQL,
)

entries = Table(
    "entries",
    metadata,
    Column("version_id", Id, ForeignKey("versions.id"), primary_key=True),
    Column("document_id", Id, ForeignKey("documents.id"), primary_key=True),
    Column("revision_id", Id, ForeignKey("revisions.id"), nullable=False, index=True),
    Column("scenario_id", Id, ForeignKey("documents.id")),  # of a case
    Column("position", Integer, nullable=False),
    Column("name", String(KEY), nullable=False),  # of its file, where a file is what it comes from
    **MYSQL,
)

saves = Table(
    "saves",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version_id", Id, ForeignKey("versions.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 … of its version; 0 is what the version was made with
    Column("what", String(16), nullable=False),  # import, save, sync, undo …
    Column("author", String(NAME), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
    UniqueConstraint("version_id", "number"),
    **MYSQL,
)

save_entries = Table(
    "save_entries",
    metadata,
    Column("save_id", Id, ForeignKey("saves.id"), primary_key=True),
    Column("document_id", Id, ForeignKey("documents.id"), primary_key=True, index=True),
    # null: the version did not hold the document before, or does not hold it after
    Column("old_revision_id", Id, ForeignKey("revisions.id")),
    Column("old_scenario_id", Id, ForeignKey("documents.id")),
    Column("old_position", Integer, nullable=False),
    Column("old_name", String(KEY), nullable=False),
    Column("new_revision_id", Id, ForeignKey("revisions.id")),
    Column("new_scenario_id", Id, ForeignKey("documents.id")),
    Column("new_position", Integer, nullable=False),
    Column("new_name", String(KEY), nullable=False),
    **MYSQL,
)

merges = Table(  # the second parent of a revision that put two together
    "merges",
    metadata,
    Column("revision_id", Id, ForeignKey("revisions.id"), primary_key=True),
    Column("other_id", Id, ForeignKey("revisions.id"), primary_key=True),
    **MYSQL,
)

links = Table(  # from which save of which other version a version was made, or all was last brought into it
    "links",
    metadata,
    Column("version_id", Id, ForeignKey("versions.id"), primary_key=True),
    Column("source_id", Id, ForeignKey("versions.id"), primary_key=True),
    Column("source_save", Integer, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    **MYSQL,
)

runs = Table(  # of subsystems by name: also of suites that are no part of the database
    "runs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("run", String(NAME), nullable=False, unique=True),  # its own id
    Column("subsystem", String(NAME), nullable=False),
    Column("version", String(NAME), nullable=False),
    Column("suite", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("elapsed_us", BigInteger, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("passed", "failed", "error", "timeout", "skipped", "stopped")),
    Column("plan", Packed, nullable=False),
    Column("events", Packed, nullable=False),  # of no case: of the run itself and of scenarios, one a line
    Index("ix_runs_subsystem", "subsystem", "started_us"),
    **MYSQL,
)

run_groups = Table(  # groups of cases that the run was asked for
    "run_groups",
    metadata,
    Column("run_id", Id, ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    **MYSQL,
)

run_cases = Table(
    "run_cases",
    metadata,
    Column("run_id", Id, ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),  # in the plan
    Column("item", Text, nullable=False),
    Column("case_key", String(KEY), nullable=False),
    Column("name", Text, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("side", String(16), nullable=False),
    Column("cause", Text, nullable=False),
    Column("message", LongText, nullable=False),
    Column("failed_step", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False, index=True),  # of the failure; "" where there is none
    Column("started_us", BigInteger, nullable=False),
    Column("elapsed_us", BigInteger, nullable=False),
    Column("flaky", Boolean, nullable=False),
    Column("owner", String(NAME), nullable=False, server_default=""),
    Column("events", Packed, nullable=False),  # steps, attempts, bodies, log, context: one event a line
    **MYSQL,
)

libraries = Table(  # tool libraries, by name and version; what they offer, so that no list has to read a jar
    "libraries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(NAME), nullable=False),
    Column("version", String(NAME), nullable=False),
    Column("files", LongText, nullable=False),  # JSON text: [{name, sha256, size, sources}]
    Column("offer", Packed, nullable=False),  # model.library.Library
    Column("author", String(NAME), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
    UniqueConstraint("name", "version"),
    **MYSQL,
)

conclusions = Table(  # what people said of failures; the newest holds
    "conclusions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subsystem", String(NAME), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("comment", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("author", String(NAME), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("run", String(NAME), nullable=False),  # in which it was said
    Index("ix_conclusions_subsystem", "subsystem", "fingerprint"),
    **MYSQL,
)
