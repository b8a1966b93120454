"""The garbage collector's settings while runs are under way, and after them."""

import gc

import pytest

from workbench.usecases.rare_collections import rare_collections


def test_the_last_run_to_end_puts_everything_back() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with rare_collections():
        with rare_collections():
            assert gc.get_threshold()[0] >= 10_000
        assert gc.get_threshold()[0] >= 10_000
        assert gc.get_freeze_count() > frozen
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_an_error_puts_it_back_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), rare_collections():
        raise KeyError
    assert gc.get_threshold() == before
