"""What a tool jar offers, from real class files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from workbench_parsers import ArchiveParser

from workbench.errors import ArtifactError
from workbench.model.library import Library, lines_of
from workbench.plugin_api import ParseLimits

SOURCE = Path(__file__).parents[1] / "java" / "tools" / "com" / "tools" / "Sign.java"


@pytest.fixture
def library(jar: Callable[..., Path], compile_java: Callable[..., dict[str, bytes]]) -> Library:
    sources = jar("sign-sources.jar", {"com/tools/Sign.java": SOURCE.read_bytes()})
    made = jar("sign.jar", compile_java("tools"))
    return ArchiveParser().library([made], sources=[sources], limits=ParseLimits())


def test_classes_and_methods_that_can_be_called(library: Library) -> None:
    sign, inner = library.classes
    assert (sign.name, sign.instances, sign.doc, sign.origin) == ("com.tools.Sign", True, "Signs texts.", "sign.jar")
    assert [(each.static, each.method.returns, each.method.signature) for each in sign.methods] == [
        (True, "java.lang.String", "sign(java.lang.String)"),
        (True, "java.lang.String", "sign(java.lang.String,int)"),
        (False, "java.util.List<java.lang.String>", "all(java.lang.String[])"),
        (False, "int", "size()"),
        (False, "java.lang.Object", "inherited(java.lang.Object)"),
    ]
    assert (inner.name, inner.instances) == ("com.tools.Sign$Inner", False)
    assert [each.method.name for each in inner.methods] == ["ok"]
    assert library.warnings == ()


def test_names_javadoc_and_where_a_method_comes_from(library: Library) -> None:
    first, *_, last = library.classes[0].methods
    assert (first.method.doc, first.method.returns_doc) == ("The signature.", "hexadecimal")
    assert [(each.name, each.doc) for each in first.method.parameters] == [("text", "what is signed")]
    assert last.method.declared_by == "com.tools.Base"
    assert library.classes[0].methods[2].method.throws == ("java.io.IOException",)


def test_lines_to_copy_name_types_where_they_have_to(library: Library) -> None:
    sign = library.classes[0]
    overloaded = lines_of("tool-util", sign, sign.methods[1])
    assert overloaded.step == "tool-util com.tools.Sign#sign(java.lang.String,int)"
    assert overloaded.script == '$app.tool("tool-util").call("com.tools.Sign#sign(java.lang.String,int)", text, rounds)'
    assert lines_of("u", sign, sign.methods[3]).script == '$app.tool("u").call("com.tools.Sign#size")'


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jar").write_text("no")
    with pytest.raises(ArtifactError):
        ArchiveParser().library([tmp_path / "a.jar"], sources=[], limits=ParseLimits())
