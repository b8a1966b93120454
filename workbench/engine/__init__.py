"""Runs a RunPlan through invokers and tells what happens as typed events. Knows no web, no terminal, no files."""

from workbench.engine.control import RunControl
from workbench.engine.ports import Program, Scripts, Sink, Tools
from workbench.engine.run import run

__all__ = ["Program", "RunControl", "Scripts", "Sink", "Tools", "run"]
