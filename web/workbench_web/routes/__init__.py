"""The routes of /api/v1, one module a subject."""

from functools import cache

from workbench_web.api import Api
from workbench_web.routes import (
    case_groups,
    compose,
    config,
    database,
    datasets,
    documents,
    generate,
    impacts,
    libraries,
    people,
    runs,
    schedules,
    session,
    stats,
    stored,
    suites,
    system,
    tools,
    versions,
)


@cache
def all_routes() -> Api:
    """The same for every application: routes hold nothing of a server."""
    api = Api()
    for each in (
        system,
        database,
        session,
        people,
        suites,
        compose,
        documents,
        versions,
        case_groups,
        config,
        datasets,
        generate,
        impacts,
        runs,
        schedules,
        stored,
        stats,
        libraries,
        tools,
    ):
        api.add(each.api)
    return api
