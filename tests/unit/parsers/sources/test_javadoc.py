from hypothesis import given
from hypothesis import strategies as st
from workbench_parsers.sources.javadoc import read_javadoc
from workbench_parsers.sources.scanner import scan

SOURCE = """
package a;
/** Orders of {@link Shop shops}. */
@DubboService(version = "1")
public interface Facade extends Base<Order> {
    /** A limit; not a method. */
    int MAX = max(1, 2);
    /**
     * Places an order &amp; pays it.<p>
     * Second   line.
     *
     * @param request what to {@code order}
     *                and pay
     * @param <T> no parameter
     * @return the {@link Order#id}
     * @throws Refused never
     */
    @Deprecated
    Result<Order> place(@NotNull Request request) throws Refused;
    // no Javadoc
    void plain(int a);
    /** Of the type in it. */
    class Item {
        /** Pieces. */ private final java.util.Map<String, int[]> qty = new HashMap<>() {{ put("a;", null); }};
        long id, other;
        /** Made. */
        public Item(long id) { this.id = id; }
        /** Read. */
        long getId() { int x = 1; return id; }
    }
}
"""


def test_what_javadoc_says_goes_to_what_follows_it() -> None:
    source = scan(SOURCE)
    assert {name: read_javadoc(doc).text for name, doc in source.docs.items()} == {
        "Facade": "Orders of shops.",
        "Facade#MAX": "A limit; not a method.",
        "Facade.Item": "Of the type in it.",
        "Facade.Item#qty": "Pieces.",
    }
    methods = {method.name: read_javadoc(method.doc).text for type_ in source.methods.values() for method in type_}
    assert methods == {"place": "Places an order & pays it.\nSecond line.", "plain": "", "getId": "Read."}


def test_tags() -> None:
    doc = read_javadoc(scan(SOURCE).methods["Facade"][0].doc)
    assert doc.parameters["request"] == "what to order and pay"
    assert doc.returns == "the Order.id"


@given(st.text(alphabet="/*@{}<>&; \nparamreturn", max_size=200))
def test_never_fails(text: str) -> None:
    read_javadoc(f"/**{text}*/")
    scan(f"class A {{ /** {text} */ int a; }}")
