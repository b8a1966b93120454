"""Classes as the Kotlin compiler makes them; tests/unit/parsers/kotlin tells how the jar was made."""

from collections.abc import Callable
from pathlib import Path

from workbench.model.contract import Contract, Field, Method

JAR = Path(__file__).parents[1] / "kotlin" / "catalog-api.jar"


def test_a_kotlin_api_jar(parse: Callable[..., Contract], java_text: Callable[[Method], str]) -> None:
    contract = parse(JAR)
    assert contract.warnings == ()
    (catalog,) = contract.interfaces
    assert [java_text(method) for method in catalog.methods] == [
        "boolean add(com.ktshop.Article arg0, java.util.Set<? extends com.ktshop.Season> arg1)",
        "java.util.Map<java.lang.String, java.util.List<com.ktshop.Offer>>"
        " offers(java.lang.Integer arg0, java.lang.String[] arg1)",
        "<T extends java.lang.Comparable<? super T>> T best(T[] arg0)",
        "boolean getOpen()",
        "com.ktshop.Article find(java.lang.String arg0)",
        "java.lang.String describe(java.lang.String arg0)",
    ]
    assert [method.default for method in catalog.methods] == [False] * 6  # $DefaultImpls is no default method
    assert contract.types["com.ktshop.Article"].fields == (
        Field("sku", "java.lang.String", final=True),
        Field("price", "java.math.BigDecimal", final=True),
        Field("tags", "java.util.List<java.lang.String>", final=True),
        Field("stock", "int"),
    )
    assert contract.types["com.ktshop.Season"].constants == ("SPRING", "AUTUMN")
    assert contract.types["com.ktshop.Offer"].abstract


def test_compilers_helpers_are_no_services(parse: Callable[..., Contract]) -> None:
    contract = parse(JAR, interfaces=["com.ktshop.*"])
    assert [interface.name for interface in contract.interfaces] == ["com.ktshop.CatalogService", "com.ktshop.Lookup"]
