"""The routes of /api/v1, one module a subject."""

from workbench_web.api import Api
from workbench_web.routes import documents, people, runs, session, suites, system, tools


def all_routes() -> Api:
    api = Api()
    for each in (system, session, people, suites, documents, runs, tools):
        api.add(each.api)
    return api
