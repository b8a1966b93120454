"""docs/compatibility.md is made of all rows or not at all, and which are missing is told."""

import pytest
from ages_checks import Row
from ages_page import Seen, check_page

ROWS = (Row("dubbo", "hessian2", "2.7", "interface"), Row("tri", "protobuf", "python", "interface"))


def test_rows_that_were_not_seen_are_named() -> None:
    seen = Seen()
    seen.note(ROWS[0], "typed", [])
    seen.note(ROWS[0], "generic", [])
    seen.note(ROWS[1], "typed", [])
    with pytest.raises(AssertionError) as told:
        check_page(seen, ROWS)
    assert "tri-protobuf-python-interface (generic)" in str(told.value)
    assert "dubbo-hessian2" not in str(told.value)
