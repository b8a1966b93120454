"""The routes of /api/v1, one module a subject."""

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


def all_routes() -> Api:
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
