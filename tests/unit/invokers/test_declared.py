"""What the bridge is told of a generic call's types."""

from workbench.invokers.declared import declared, lacking
from workbench.model.contract import Contract, Field, Interface, Method, Parameter, TypeDef
from workbench.model.plan import Target
from workbench.plugin_api import DubboCall

TYPES = {
    "x.Order": TypeDef("class", super="x.Base<java.lang.Long>", fields=(Field("lines", "java.util.List<x.Line>"),)),
    "x.Base": TypeDef("class", parameters=("K extends java.lang.Comparable<K>",), fields=(Field("id", "K"),)),
    "x.Line": TypeDef("record", fields=(Field("of", "x.Order"), Field("kind", "x.Kind"))),
    "x.Kind": TypeDef("enum", constants=("A",)),
    "x.Special": TypeDef("class", super="x.Order"),
    "x.Other": TypeDef("class"),
}
METHODS = (
    Method("save", (Parameter("order", "x.Order"),), ("x.Order",)),
    Method("save", (Parameter("id", "long"),), ("long",)),
    Method(
        "any", (Parameter("value", "T"),), ("java.lang.Number",), "T", type_parameters=("T extends java.lang.Number",)
    ),
    Method("inherited", (Parameter("value", "x.Order"),), ("java.lang.Object",), "x.Order"),
    Method("list", (Parameter("all", "java.util.List<x.Order>"),), ("java.util.List",)),
    Method("crud", (Parameter("all", "java.util.List<x.Order>"),), ("java.util.List",), declared_by="x.Crud"),
    Method(
        "maps",
        (Parameter("all", "java.util.Map<x.Kind, java.util.List<x.Order[]>>"),),
        ("java.util.Map",),
        declared_by="x.Crud",
    ),
    Method("object", (Parameter("value", "java.lang.Object"),), ("java.lang.Object",)),
    Method(
        "own", (Parameter("all", "java.util.List<T>"),), ("java.util.List",), type_parameters=("T extends x.Order",)
    ),
)
CONTRACT = Contract((Interface("x.Facade", METHODS),), TYPES)


def call(method: str, erased: tuple[str, ...] | None, **more: bool) -> DubboCall:
    return DubboCall("x.Facade", method, erased, "[]", Target(contract=CONTRACT), **more)  # type: ignore[arg-type]


def test_the_types_that_a_parameter_reaches_with_their_subclasses() -> None:
    told = declared(call("save", ("x.Order",)))
    assert told["parameters"] == ["x.Order"]
    assert set(told["types"]) == {"x.Order", "x.Base", "x.Line", "x.Special", "x.Kind"}
    assert told["types"]["x.Kind"] == {"enum": True}
    assert told["types"]["x.Base"] == {"parameters": ["K"], "super": "", "fields": {"id": "K"}}
    assert told["types"]["x.Order"]["super"] == "x.Base<java.lang.Long>"


def test_a_type_variable_of_the_method_is_its_bound() -> None:
    told = declared(call("any", ("java.lang.Number",)))
    assert told == {"parameters": ["java.lang.Number"], "returns": "java.lang.Number", "exact": True, "types": {}}


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert declared(call("save", None)) == {}
    assert declared(call("save", ("int",))) == {}
    assert declared(DubboCall("y.Facade", "save", ("int",), "[]", Target(contract=CONTRACT))) == {}


def test_an_unchecked_call_goes_as_it_is_written() -> None:
    assert declared(call("save", ("x.Order",), unchecked=True)) == {"unchecked": True}


def test_a_type_that_the_signature_does_not_say_is_marked() -> None:
    told = declared(call("inherited", ("java.lang.Object",)))
    assert told["parameters"] == ["!x.Order"]
    assert told["returns"] == "x.Order"


def test_elements_are_marked_where_the_signature_may_say_a_type_variable() -> None:
    assert declared(call("list", None))["parameters"] == ["java.util.List<x.Order>"]
    assert declared(call("crud", None))["parameters"] == ["java.util.List<!x.Order>"]
    assert declared(call("own", None))["parameters"] == ["java.util.List<!x.Order>"]
    assert declared(call("maps", None))["parameters"] == ["java.util.Map<!x.Kind, !java.util.List<!x.Order[]>>"]


def test_classes_that_the_arguments_name_are_told_too() -> None:
    target = Target(contract=CONTRACT)
    arguments = '[{"$class": "x.Line", "of": {"class":"x.Special"}}]'
    told = declared(DubboCall("x.Facade", "object", None, arguments, target))
    assert set(told["types"]) == {"x.Line", "x.Order", "x.Base", "x.Special", "x.Kind"}
    assert declared(DubboCall("x.Facade", "object", None, '["a class"]', target))["types"] == {}


def test_a_registry_is_not_exact() -> None:
    contract = Contract((Interface("x.Facade", METHODS[:1], "registry"),), TYPES)
    assert declared(DubboCall("x.Facade", "save", None, "[]", Target(contract=contract)))["exact"] is False


def test_what_the_contract_lacks_of_an_interface_is_seen_from_all_its_methods() -> None:
    """Classes that are missing there are likely to be missing in the artifacts, too."""
    assert not lacking(call("save", ("x.Order",)))
    missing = {name: definition for name, definition in TYPES.items() if name != "x.Base"}
    lame = Target(contract=Contract((Interface("x.Facade", METHODS),), missing))
    assert lacking(DubboCall("x.Facade", "save", ("long",), "[]", lame))
    assert not lacking(DubboCall("y.Facade", "save", ("long",), "[]", lame))
    told = Target(contract=Contract((Interface("x.Facade", METHODS, "registry"),), TYPES))
    assert lacking(DubboCall("x.Facade", "save", ("long",), "[]", told))
