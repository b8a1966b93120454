"""Comparing two contracts by what goes over the wire: `compare` gives the changes, `RULES` says how they are judged."""

from workbench.catalog.diff.compare import compare
from workbench.catalog.diff.rules import RULES, Rule

__all__ = ["RULES", "Rule", "compare"]
