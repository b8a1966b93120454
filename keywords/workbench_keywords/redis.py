"""Redis servers of the environment from scripts."""

from workbench.model.json import Json
from workbench.plugin_api import StepScope, keyword

GROUP = "redis"


class Redis:
    """A Redis in a script."""

    script_methods = ("call", "get", "set", "delete")

    def __init__(self, scope: StepScope, connection: str) -> None:
        self._scope = scope
        self._connection = connection

    def call(self, *command: Json) -> Json:
        return self._scope.redis(self._connection, command)

    def get(self, key: str) -> Json:
        return self.call("GET", key)

    def set(self, key: str, value: Json, seconds: int = 0) -> Json:
        return self.call("SET", key, value, *(("EX", seconds) if seconds else ()))

    def delete(self, *keys: str) -> Json:
        return self.call("DEL", *keys)


@keyword(GROUP)
def redis(scope: StepScope, connection: str) -> Redis:
    """Give a Redis of the environment: `.get(key)`, `.set(key, value, seconds)`, `.delete(key, …)`, `.call(…)`.

    `.call(command, argument, …)` sends any command and gives its reply as it is: texts, whole numbers, lists, null; of
    HGETALL an object. A connection only reads unless it says `writable: true`.

    connection: its name in suite.yaml, under `environments.<name>.connections`

    Example: $app.redis("cache").get("order:P-1001")
    Example: $app.redis("cache").call("HGET", "order:P-1001", "status")
    """
    return Redis(scope, connection)
