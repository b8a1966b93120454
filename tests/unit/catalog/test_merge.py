from msgspec.structs import replace

from workbench.catalog.merge import merge
from workbench.model.contract import (
    Claim,
    Contract,
    Contradiction,
    Field,
    Interface,
    Method,
    Parameter,
    TypeDef,
    Warning,
)

PAY, OLD = Method("pay", erased=("int",)), Method("old")


def test_the_artifact_counts_more_than_the_registry() -> None:
    registry = Contract((Interface("a.B", (PAY, OLD), "registry", "zk"),), {"a.T": TypeDef("class")})
    jar = Contract(
        (Interface("a.B", (PAY,), "api-jar", "b.jar"),), {"a.T": TypeDef("class", fields=(Field("x", "int"),))}
    )
    merged = merge([registry, jar])
    assert [replace(one, seen_in=()) for one in merged.interfaces] == list(jar.interfaces)
    assert merged.interfaces[0].seen_in == ("zk",)
    assert merged.types == jar.types
    (told,) = merged.contradictions
    assert told == Contradiction("a.B#old()", "method", (Claim("b.jar", ""), Claim("zk", "old()")))


def test_groups_stay_apart_and_everything_is_sorted() -> None:
    one = Contract((Interface("a.B", (PAY,), group="y"), Interface("a.A")), {"b": TypeDef("enum")})
    two = Contract((Interface("a.B", (OLD,), group="x"),), {"a": TypeDef("enum")}, (Warning("w", "m"),))
    merged = merge([one, two])
    assert [(interface.name, interface.group) for interface in merged.interfaces] == [
        ("a.A", ""),
        ("a.B", "x"),
        ("a.B", "y"),
    ]
    assert list(merged.types) == ["a", "b"]
    assert merged.warnings == (Warning("w", "m"),)


def test_the_implementation_is_taken_over() -> None:
    api = Contract((Interface("a.B", (PAY,), "api-jar"),))
    boot = Contract((Interface("a.B", (PAY,), "annotation", implementation="a.Impl"),))
    assert merge([api, boot]).interfaces[0].implementation == "a.Impl"


def test_what_the_jar_and_the_running_provider_say_differently() -> None:
    jar = Contract(
        (
            Interface(
                "a.B", (Method("pay", (Parameter("id", "long"),), ("long",), "a.R<a.T>"), PAY), "api-jar", "b.jar"
            ),
        ),
        {
            "a.T": TypeDef("class", super="a.Base", fields=(Field("x", "T"), Field("y", "long")), origin="b.jar"),
            "a.Base": TypeDef("class", super="java.lang.Object", fields=(Field("id", "long"),), origin="b.jar"),
            "a.E": TypeDef("enum", constants=("A",), origin="b.jar"),
        },
    )
    flat = (Field("x", "java.lang.Object"), Field("y", "java.lang.String"), Field("id", "long"), Field("z", "int"))
    registry = Contract(
        (Interface("a.B", (Method("pay", (Parameter("arg0", "long"),), ("long",), "a.R"), PAY), "registry", "zk"),),
        {
            "a.T": TypeDef("class", fields=flat, origin="zk"),
            "a.E": TypeDef("enum", constants=("A", "B"), origin="zk"),
            "a.New": TypeDef("class", fields=(Field("n", "int"),), origin="zk"),
        },
    )
    merged = merge([registry, jar])
    assert {(one.place, one.what, *(claim.says for claim in one.claims)) for one in merged.contradictions} == {
        ("a.T.y", "field", "long", "java.lang.String"),
        ("a.T.z", "field", "", "int"),
        ("a.E", "constants", "A", "A, B"),
    }
    assert merged.types["a.T"].super == "a.Base"
    assert merged.types["a.T"].seen_in == ("zk",)
    assert merged.types["a.New"].origin == "zk"
    overloads = replace(registry.interfaces[0], methods=(Method("pay", (), ("java.lang.String",)), PAY))
    (told,) = merge([jar, replace(registry, interfaces=(overloads,), types={})]).contradictions
    assert (told.place, told.what) == ("a.B#pay", "parameter types")
    assert [claim.says for claim in told.claims] == ["(long)", "(java.lang.String)"]


def test_what_a_person_wrote_completes_and_is_marked() -> None:
    jar = Contract(
        (Interface("a.B", (Method("pay", (Parameter("arg0", "int"),), ("int",)),), "annotation", "b.jar", "g", "1"),)
    )
    hand = Interface(
        "a.B",
        (Method("pay", (Parameter("amount", "int"),), ("int",), doc="Pays."), OLD),
        "manual",
        "interfaces/manual.yaml",
    )
    (merged,) = merge([Contract((hand,)), jar]).interfaces
    assert (merged.group, merged.recognised_by) == ("g", "annotation")
    pay, old = merged.methods
    assert pay.parameters == (Parameter("amount", "int", "interfaces/manual.yaml"),)
    assert (pay.doc, pay.origin) == ("Pays.", "")
    assert (old.name, old.origin) == ("old", "interfaces/manual.yaml")
