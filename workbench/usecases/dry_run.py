"""What a run would be: all that is wrong in its steps, told at once, with nothing called."""

from msgspec import Struct

from workbench.model.dataset import CellProblem
from workbench.model.plan import LeftOut, Remark, RunPlan


class DryRun(Struct, frozen=True, omit_defaults=True):
    """`items`: results that there would be, one a dataset row. `remarks`: mistakes and warnings, each at its line of
    the suite; `left_out`: selected cases that do not run for their state; `problems`: doubtful cells of datasets."""

    cases: int
    items: int
    remarks: tuple[Remark, ...]
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[CellProblem, ...] = ()

    @property
    def right(self) -> bool:
        return not any(each.mistake for each in self.remarks)


def dry_run_of(plan: RunPlan) -> DryRun:
    problems = tuple(problem for data in plan.datasets.values() for problem in data.problems)
    return DryRun(len(plan.cases), len(plan.items), plan.remarks, plan.left_out, problems)
