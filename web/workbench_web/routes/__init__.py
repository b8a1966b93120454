"""The routes of /api/v1, one module a subject."""

from workbench_web.api import Api
from workbench_web.routes import (
    config,
    documents,
    impacts,
    people,
    runs,
    session,
    stored,
    suites,
    system,
    tools,
    versions,
)


def all_routes() -> Api:
    api = Api()
    for each in (system, session, people, suites, documents, versions, config, impacts, runs, stored, tools):
        api.add(each.api)
    return api
