"""Calls of methods of tool libraries: plain jars that belong to the suite."""

from workbench.model.json import Json
from workbench.plugin_api import StepScope, keyword

GROUP = "tool"


class Tool:
    """A tool library in a script."""

    script_methods = ("call",)

    def __init__(self, scope: StepScope, library: str) -> None:
        self._scope = scope
        self._library = library

    def call(self, target: str, *arguments: Json) -> Json:
        return self._scope.call_tool(self._library, target, arguments)


@keyword(GROUP)
def tool(scope: StepScope, library: str) -> Tool:
    """Give a tool library, whose methods `.call(target, argument, …)` calls.

    Static methods, and instance methods of classes that have a constructor without arguments. What they print or log
    stands in the step's log; a line of a thread that several calls share stands in the log of each, and says so.

    library: its name in suite.yaml, under `dependencies`

    Example: $app.tool("tool-util").call("com.example.util.LogUtil#print", "P-1001")
    """
    return Tool(scope, library)
