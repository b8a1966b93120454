"""The tables of what is deployed on which host, and of how many runs of a subsystem are kept."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from workbench.storage.tables import KEY, MYSQL, NAME, Id, metadata

deployments = Table(  # the newest of a host holds
    "deployments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subsystem", String(NAME), nullable=False, index=True),
    Column("environment", String(NAME), nullable=False),
    Column("host", String(NAME), nullable=False),
    Column("version", String(NAME), nullable=False),
    Column("artifact", String(KEY), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("deployed_us", BigInteger, nullable=False),
    Column("author", String(NAME), nullable=False),
    **MYSQL,
)

run_bounds = Table(
    "run_bounds",
    metadata,
    Column("subsystem", String(NAME), primary_key=True),
    Column("keep", Integer, nullable=False),  # the newest; 0: no bound
    Column("days", Integer, nullable=False),  # none older; 0: no bound
    **MYSQL,
)
