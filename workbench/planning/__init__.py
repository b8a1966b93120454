"""Selection + datasets + dependencies → a frozen, JSON-able RunPlan. Pure."""

from workbench.planning.contradicting import contradiction_findings
from workbench.planning.plan import Ingredients, datasets_needed, environment_name, make_plan
from workbench.planning.requests import Finding, planned_steps, request_findings
from workbench.planning.selection import Selection, members, select
from workbench.planning.trim import trim

__all__ = [
    "Finding",
    "Ingredients",
    "Selection",
    "contradiction_findings",
    "datasets_needed",
    "environment_name",
    "make_plan",
    "members",
    "planned_steps",
    "request_findings",
    "select",
    "trim",
]
