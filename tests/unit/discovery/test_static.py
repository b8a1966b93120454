from pathlib import Path

import pytest

from workbench.discovery.readers import read_registry
from workbench.errors import RegistryError, UsageError, WorkbenchError


def test_lines_with_comments(tmp_path: Path) -> None:
    file = tmp_path / "providers.txt"
    file.write_text(
        "# the bench\n\ndubbo://h:1/com.x.A?version=1 # old\ndubbo://h:2/com.x.B\noverride://0.0.0.0/com.x.B?weight=3\n"
    )
    view = read_registry(str(file))
    assert [(one.interface, one.providers[0].version) for one in view.services] == [("com.x.A", "1"), ("com.x.B", "")]
    assert view.services[1].providers[0].weight == 3
    assert read_registry(f"file://{file}", interfaces=["com.x.A"]).services == view.services[:1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dubbo://h:1/a.B\nnonsense", "f:2: 'nonsense'"),
        ("dubbo://h:1", "names no interface"),
        ('{"url": []}', "not a registry file"),
        ('{"urls": ["x"]}', "urls[0]"),
        ("{", "f"),
    ],
)
def test_errors_name_the_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "f").write_text(text)
    with pytest.raises(WorkbenchError) as error:
        read_registry(str(tmp_path / "f"))
    assert said in str(error.value)


def test_no_file() -> None:
    with pytest.raises(RegistryError, match="cannot be read"):
        read_registry("nowhere/providers.txt")


def test_an_unknown_kind_of_registry() -> None:
    with pytest.raises(UsageError, match="registries of kind nacos"):
        read_registry("nacos://h:1")
