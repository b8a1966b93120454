"""Where values stand in SQL, and where statements end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import SuiteError
from workbench.model.sqltext import statements


def names(text: str, dialect: str = "postgresql") -> list[str]:
    return [name for each in statements(text, dialect) for name in each.names]


@pytest.mark.parametrize(
    ("dialect", "text", "found"),
    [
        ("postgresql", "select :a, ':b', \":c\", x::int, a[1:n] -- :d\n/* :e */ from t where x = :f", ["a", "f"]),
        ("postgresql", "select $$ :a ; $$, $x$ :b $$ $x$, e'it\\'s :c', :d", ["d"]),
        ("postgresql", "select 'it''s :a', :b", ["b"]),
        ("postgresql", "select 'back\\', :b", ["b"]),  # no escape outside of E'…'
        ("mysql", "select 'it\\'s :a', \"\\\" :b\", `:c`, :d # :e", ["d"]),
        ("mysql", "select '10:30', t.a:b, :c", ["c"]),
        ("sqlite", "select [:a], `:b`, :c, '12:30:00'", ["c"]),
        ("sqlite", "select :订单, :a1", ["订单", "a1"]),
    ],
)
def test_values_stand_outside_of_texts_names_and_comments(dialect: str, text: str, found: list[str]) -> None:
    assert names(text, dialect) == found


def test_statements_end_at_semicolons_that_stand_free() -> None:
    found = statements("insert into t values (';') ; -- ;\n ; update t set a = 1;", "postgresql")
    assert [each.first for each in found] == ["insert", "update"]


@pytest.mark.parametrize("text", ["", " ; ;", "-- select 1"])
def test_nothing_is_no_statement(text: str) -> None:
    with pytest.raises(SuiteError, match="empty"):
        statements(text, "sqlite")


@pytest.mark.parametrize("text", ["BEGIN", "select 1; commit", " /* x */ Rollback", "start transaction"])
def test_transactions_belong_to_the_workbench(text: str) -> None:
    with pytest.raises(SuiteError, match="transaction"):
        statements(text, "mysql")


def test_the_first_word_is_found_behind_brackets_and_comments() -> None:
    assert statements("/* a */ ( SELECT 1 )", "postgresql")[0].first == "select"


@given(st.text(alphabet="ab:;'\"`$-/*#[]\\\n x1", max_size=40), st.sampled_from(["postgresql", "mysql", "sqlite"]))
def test_no_character_is_lost(text: str, dialect: str) -> None:
    try:
        found = statements(text, dialect)
    except SuiteError:
        return
    for each in found:
        whole = "".join(part if index % 2 == 0 else f":{part}" for index, part in enumerate(each.parts))
        assert whole in text
