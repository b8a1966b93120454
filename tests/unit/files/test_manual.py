"""interfaces/manual.yaml: methods as in Java, errors at their lines."""

from pathlib import Path

import pytest

from workbench.errors import ErrorGroup
from workbench.files import manual_path, read_manual
from workbench.model.contract import Field, Parameter

GOOD = """\
interfaces:
  com.x.StockFacade:
    description: Written by hand.
    group: g
    version: 1.10
    methods:
      - com.x.Result<Stock> reserve(String sku, Map<String, List<Long>> lots, int[] n) throws com.x.Sold, com.x.Shut
      - void ping();
      - List<Stock> find(long)
types:
  com.x.Stock:
    extends: com.x.Base
    fields: { sku: String, amount: BigDecimal, item: Stock$Item, next: com.x.Stock }
  com.x.State:
    constants: [FREE, TAKEN]
"""


def manual(folder: Path, text: str, name: str = "manual") -> Path:
    (folder / "interfaces").mkdir(exist_ok=True)
    (folder / "interfaces" / f"{name}.yaml").write_text(text)
    return folder


def test_comments_may_stand_anywhere(tmp_path: Path) -> None:
    good = GOOD.replace("item: Stock$Item, ", "")
    text = "# head\n" + good.replace("\n", "  # behind\n  # before\n") + "# end\n"
    assert str(read_manual(manual(tmp_path, text))) == str(read_manual(manual(tmp_path, good)))


def test_what_is_written(tmp_path: Path) -> None:
    text = GOOD.replace("item: Stock$Item, ", "")
    contract = read_manual(manual(tmp_path, text))[""]
    (facade,) = contract.interfaces
    assert (facade.group, facade.version, facade.recognised_by) == ("g", "1.10", "manual")
    assert (facade.origin, facade.doc) == ("interfaces/manual.yaml", "Written by hand.")
    reserve, ping, find = facade.methods
    assert reserve.signature == "reserve(java.lang.String,java.util.Map,int[])"
    assert reserve.parameters[1] == Parameter("lots", "java.util.Map<java.lang.String, java.util.List<java.lang.Long>>")
    assert (reserve.returns, reserve.throws) == ("com.x.Result<com.x.Stock>", ("com.x.Sold", "com.x.Shut"))
    assert (ping.signature, ping.returns) == ("ping()", "void")
    assert (find.parameters, find.returns) == ((Parameter("arg0", "long"),), "java.util.List<com.x.Stock>")
    assert contract.types["com.x.Stock"].fields[1] == Field("amount", "java.math.BigDecimal")
    assert contract.types["com.x.Stock"].super == "com.x.Base"
    assert contract.types["com.x.State"].constants == ("FREE", "TAKEN")


def test_a_dependency_has_a_file_of_its_name(tmp_path: Path) -> None:
    manual(tmp_path, "interfaces: { a.B: { methods: [void x()] } }", "trade")
    assert list(read_manual(tmp_path)) == ["trade"]
    assert read_manual(tmp_path / "nowhere") == {}


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ("List<Stock> find(long)", "find(long)", "9:9", "is no method"),
        ("List<Stock> find", "List<Stuck> find", "9:9", "the class Stuck is not known"),
        ("List<Stock> find", "List<Stock find", "9:9", "is not a Java type"),
        ("amount: BigDecimal", "amount: Money", "13:36", "the class Money is not known"),
        ("    group: g", "    grup: g", "4:5", "grup"),
        ("constants: [FREE, TAKEN]", "constants: FREE", "15:16", "expected a list"),
        ("constants:", "fields: { a: int }\n    constants:", "15:5", "has fields and constants"),
    ],
)
def test_errors_have_their_line(tmp_path: Path, old: str, new: str, where: str, said: str) -> None:
    text = GOOD.replace("item: Stock$Item, ", "")
    assert old in text
    with pytest.raises(ErrorGroup) as raised:
        read_manual(manual(tmp_path, text.replace(old, new)))
    (error,) = raised.value.errors
    assert said in error.message
    assert error.where.endswith(f"manual.yaml:{where}")


@pytest.mark.parametrize("dependency", ["", "manual", "%6Danual", "%256Danual", "a/b", "manual.v2"])
def test_a_dependency_of_any_name_has_a_file_of_its_own(tmp_path: Path, dependency: str) -> None:
    for name, interface in ((dependency, "com.x.Theirs"), ("other", "com.x.Other"), ("", "com.x.Own")):
        path = tmp_path / manual_path(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"interfaces:\n  {interface}: {{ methods: [] }}\n")
    found = {name: contract.interfaces[0].name for name, contract in read_manual(tmp_path).items()}
    assert found == {dependency: "com.x.Theirs", "other": "com.x.Other"} | {"": "com.x.Own"}
