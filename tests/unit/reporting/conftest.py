"""Gives the tests of this folder the builders of runs."""

from types import ModuleType

import pytest
import report_builders


@pytest.fixture
def make() -> ModuleType:
    """The module report_builders."""
    return report_builders
