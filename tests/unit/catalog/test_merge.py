from workbench.catalog.merge import merge
from workbench.model.contract import Contract, Field, Interface, Method, TypeDef, Warning

PAY, OLD = Method("pay", erased=("int",)), Method("old")


def test_the_artifact_counts_more_than_the_registry() -> None:
    registry = Contract((Interface("a.B", (PAY, OLD), "registry", "zk"),), {"a.T": TypeDef("class")})
    jar = Contract(
        (Interface("a.B", (PAY,), "api-jar", "b.jar"),), {"a.T": TypeDef("class", fields=(Field("x", "int"),))}
    )
    merged = merge([registry, jar])
    assert merged.interfaces == jar.interfaces
    assert merged.types == jar.types
    assert merged.warnings == (Warning("zk", "a.B has old() here, but not in b.jar"),)


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
