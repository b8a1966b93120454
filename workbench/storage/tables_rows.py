"""The tables of datasets' rows: chunks by content, and the files that hold the same rows."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from workbench.storage.tables import MYSQL, LongText, Packed, metadata

row_chunks = Table(
    "row_chunks",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of the rows' JSON lines
    Column("count", Integer, nullable=False),
    Column("body", Packed, nullable=False),
    Column("used_us", BigInteger, nullable=False, server_default="0"),  # when it was last put: see collecting.py
    **MYSQL,
)

renderings = Table(
    "renderings",
    metadata,
    Column("sha256", String(64), primary_key=True),  # of a file in the store
    Column("suffix", String(16), primary_key=True),
    Column("hash", String(64), nullable=False, index=True),  # of the table that it holds
    Column("body", LongText, nullable=False),  # that table, JSON
    Column("created_us", BigInteger, nullable=False),
    **MYSQL,
)
