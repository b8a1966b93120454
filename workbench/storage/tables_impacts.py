"""The tables of what new artifacts changed, and of the cases that it hits."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table

from workbench.storage.tables import KEY, MYSQL, NAME, Id, LongText, metadata

contract_changes = Table(
    "contract_changes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version_id", Id, ForeignKey("versions.id"), nullable=False, index=True),
    Column("save", Integer, nullable=False),  # that brought the artifacts
    Column("dependency", String(KEY), nullable=False),  # whose contract it is; "": the subsystem's own
    Column("author", String(NAME), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("body", LongText, nullable=False),  # the comparison, JSON
    # SUBSYSTEM@VERSION that was changed, and of which `save` is; "": this version
    Column("origin", String(2 * NAME + 1), nullable=False, server_default=""),
    **MYSQL,
)

case_flags = Table(
    "case_flags",
    metadata,
    Column("change_id", Id, ForeignKey("contract_changes.id"), primary_key=True),
    Column("document_id", Id, ForeignKey("documents.id"), primary_key=True, index=True),
    Column("severity", String(16), nullable=False),  # of the gravest of its changes
    Column("changes", LongText, nullable=False),  # numbers of them in the comparison, JSON
    Column("settled_by", String(NAME), nullable=False),  # "": nobody has looked at it yet
    Column("settled_us", BigInteger, nullable=False),
    **MYSQL,
)
