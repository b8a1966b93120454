"""Names of files: what is refused, and that any name of a dependency makes a file inside of its folder."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ErrorGroup, SuiteError
from workbench.files import file_name, read_contracts, read_manual, read_suite, write_contract
from workbench.files.names import coded, decoded
from workbench.model.contract import Contract, Interface


@pytest.mark.parametrize(
    "name", ["", "..", ".a", "a/b", "a\\b", "a\tb", "a\nb", "a\u2028b", "a\x7f", " a", "a ", "字" * 77]
)
def test_names_of_files_that_are_refused(name: str) -> None:
    with pytest.raises(SuiteError):
        file_name(name)


@pytest.mark.parametrize("name", ["a", "a.b", "字" * 76, "a b", "a\u3000b", "x" * 230])
def test_names_of_files(name: str, tmp_path: Path) -> None:
    assert file_name(name) == name
    (tmp_path / f".{name}.yaml.12345678.tmp").touch()  # what it is for


@given(st.text(alphabet=st.sampled_from("/.%25EF0ab\\\x00字"), min_size=1, max_size=12))
def test_any_name_is_coded_into_one_file_and_back(name: str) -> None:
    made = coded(name)
    assert decoded(made) == name
    assert not {"/", "\0"} & {*made}
    assert not made.startswith(".")


@pytest.mark.parametrize("name", ["a/b", "../../out", "/etc/x", "..", ".hidden", "a%2Fb", "a%b", "trade"])
def test_contracts_of_any_dependency_stand_in_their_folder(name: str, tmp_path: Path) -> None:
    contract, suite = Contract((Interface("com.x.F", ()),)), tmp_path / "in" / "suite"
    path = write_contract(suite, contract, name)
    assert path.resolve().parent == suite / "interfaces"
    assert read_contracts(suite) == {name: contract}
    path.with_suffix(".yaml").write_text("interfaces:\n  com.x.G: { methods: [] }\n")
    assert list(read_manual(suite)) == [name]


@pytest.mark.parametrize(("name", "told"), [("", "a dependency needs a name"), ("字" * 80, "too long")])
def test_a_dependency_that_can_have_no_file_is_told_at_its_line(name: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "suite.yaml").write_text(f"suite: s\nsubsystem: s\ndependencies:\n  '{name}': {{ version: '1' }}\n")
    with pytest.raises(ErrorGroup, match=told) as caught:
        read_suite(tmp_path)
    assert caught.value.errors[0].where == f"{tmp_path}/suite.yaml:4:3"
