"""All matchers, registered: who reads the table here finds every one."""

from workbench.expr import comparing as _values
from workbench.expr import wholes as _wholes
from workbench.expr.matcher import MATCHERS, OPERATORS, SAMPLE, Check, Matcher, Mismatch

__all__ = ["MATCHERS", "OPERATORS", "SAMPLE", "Check", "Matcher", "Mismatch"]
_READ = (_values, _wholes)  # reading them registers theirs
