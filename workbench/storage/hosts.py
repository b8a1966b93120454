"""What is deployed on which host: said by whoever deploys, the newest word of a host holds."""

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict

from workbench.errors import UsageError
from workbench.storage.audit import note
from workbench.storage.author import Author
from workbench.storage.database import Database
from workbench.storage.keys import new_keys
from workbench.storage.suites import refuse_stranger
from workbench.storage.tables import NAME
from workbench.storage.tables_hosts import deployments


class Deployment(Struct, frozen=True, kw_only=True):
    """`host`: as it is registered, HOST:PORT, or HOST for all of its ports. `sha256` "": not known."""

    subsystem: str
    environment: str
    host: str
    version: str
    artifact: str = ""
    sha256: str = ""
    deployed_us: int  # microseconds since 1970, UTC
    author: str = ""


class Hosts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, deployment: Deployment, author: Author) -> None:
        """Say what is deployed now. Raises UsageError for names that a database would cut, DeniedError."""
        for name in (deployment.host, deployment.environment):
            if len(name) > NAME or not name.isprintable():
                raise UsageError(f"{name[:40]!r} cannot be the name of a host or environment")
        row = asdict(deployment) | {"id": new_keys(1)[0], "author": author.name}
        with self._database.writing() as connection:
            refuse_stranger(connection, deployment.subsystem, author)
            connection.execute(sa.insert(deployments), row)
            subject = f"{deployment.environment}/{deployment.host}"
            note(connection, author, "deployed", subject, subsystem=deployment.subsystem, after=deployment.version)

    def current(self, subsystem: str) -> list[Deployment]:
        """Of each environment and host what was deployed last, by these."""
        columns = [deployments.c[name] for name in Deployment.__struct_fields__]
        query = sa.select(*columns).where(deployments.c.subsystem == subsystem)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(deployments.c.deployed_us, deployments.c.id)).all()
        newest = {(row.environment, row.host): Deployment(**row._mapping) for row in rows}
        return [newest[key] for key in sorted(newest)]
