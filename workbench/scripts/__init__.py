"""The sandbox that runs scripts: Python syntax, `$app` keywords, limits on time, memory and recursion.

Interpreter processes of pydantic-monty run the code; keywords run in this process, on the calling thread.
"""

from workbench.scripts.engine import ScriptEngine
from workbench.scripts.script import Limits, Script

__all__ = ["Limits", "Script", "ScriptEngine"]
