"""The rules of `workbench contract diff` against what hessian2 does with two builds of the same classes.

Each case is a class `Box` twice: as the sender has it and as the receiver has it. The sender's is written with the
bridge's own hessian-lite and read with the receiver's, and the comparison of the two jars must name the rule.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from java_provider import JAVAC

from workbench.catalog.diff import RULES, compare
from workbench.invokers.java import find_jar
from workbench.usecases.import_artifact import import_artifact

pytestmark = pytest.mark.xdist_group("wire-rules")  # one process starts what they share

WIRE = Path(__file__).parent / "wire" / "Wire.java"
_IMPORTS = "import java.util.*; import java.math.*; import java.io.Serializable;"
_MAKE = "public static Object make() { return new Box(); }"
_BASE = 'class Base implements Serializable { String b = "b"; }'


class Case(NamedTuple):
    """`sent` and `read`: a field `v`, or whole classes of which one is Box, as sender and receiver have them."""

    rule: str
    sent: str
    read: str
    arrives: str  # `box.VALUE` at the receiver, or `error CLASS`
    value: str = "v"
    request: bool = False  # else Box is an answer


CASES: Mapping[str, Case] = {
    "widened": Case("type-widened", "int v = 7;", "long v;", "7"),
    "widenedbox": Case("type-widened", "Integer v = 7;", "Long v;", "7"),
    "narrowed": Case("type-narrowed", "long v = 2147483648L;", "int v;", "-2147483648"),
    "boxed": Case("type-boxed", "int v = 7;", "Integer v;", "7"),
    "unboxed": Case("type-unboxed", "Integer v = null;", "int v;", "0"),
    "rounded": Case("type-rounded", "long v = 9007199254740993L;", "double v;", "9.007199254740992E15"),
    "text": Case("type-to-text", "int v = 7;", "String v;", "7"),
    "toset": Case("collection-changed", "List<Integer> v = new ArrayList<>(List.of(1, 1));", "Set<Integer> v;", "[1]"),
    "tolist": Case(
        "type-generalized", "LinkedList<Integer> v = new LinkedList<>(List.of(1, 1));", "List<Integer> v;", "[1, 1]"
    ),
    "toany": Case(
        "type-generalized", "List<Integer> v = new ArrayList<>(List.of(1, 1));", "Iterable<Integer> v;", "[1, 1]"
    ),
    "tomap": Case(
        "type-generalized",
        'TreeMap<String, Integer> v = new TreeMap<>(Map.of("a", 1));',
        "Map<String, Integer> v;",
        "{a=1}",
    ),
    "totree": Case(
        "type-generalized", "TreeSet<Integer> v = new TreeSet<>(Set.of(2, 1));", "Collection<Integer> v;", "[1, 2]"
    ),
    "toobject": Case("type-generalized", 'String v = "x";', "Object v;", "x"),
    "elements": Case(
        "type-changed",
        'List<String> v = new ArrayList<>(List.of("x"));',
        "List<Long> v; long first() { return v.get(0); }",
        "error HessianFieldException",
        "first()",
    ),
    "wideelements": Case(
        "type-widened",
        "List<Integer> v = new ArrayList<>(List.of(1));",
        "List<Long> v; long first() { return v.get(0); }",
        "1",
        "first()",
    ),
    "narrowelements": Case(
        "type-narrowed",
        "List<Long> v = new ArrayList<>(List.of(2147483648L));",
        "List<Integer> v; int first() { return v.get(0); }",
        "-2147483648",
        "first()",
    ),
    "widevalues": Case(
        "type-widened",
        'Map<String, Integer> v = new HashMap<>(Map.of("a", 1));',
        'Map<String, Long> v; long first() { return v.get("a"); }',
        "1",
        "first()",
    ),
    "deepelements": Case(
        "argument-changed",
        "List<List<Integer>> v = new ArrayList<>(List.of(new ArrayList<>(List.of(1))));",
        "List<List<Long>> v; long first() { return v.get(0).get(0); }",
        "error ClassCastException",
        "first()",
    ),
    "textelements": Case(
        "argument-changed",
        "List<Integer> v = new ArrayList<>(List.of(1));",
        "List<String> v; int first() { return v.get(0).length(); }",
        "error ClassCastException",
        "first()",
    ),
    "collectionelements": Case(
        "argument-changed",
        "List<Integer> v = new ArrayList<>(List.of(1));",
        "Collection<Long> v; long first() { return v.iterator().next(); }",
        "error ClassCastException",
        "first()",
    ),
    "sortedvalues": Case(
        "argument-changed",
        'TreeMap<String, Integer> v = new TreeMap<>(Map.of("a", 1));',
        'Map<String, Long> v; long first() { return v.get("a"); }',
        "error ClassCastException",
        "first()",
    ),
    "genericfield": Case(
        "argument-changed",
        "class G<T> implements Serializable { T t; } class Box implements Serializable { G<Integer> v = make1(); "
        "static G<Integer> make1() { G<Integer> g = new G<>(); g.t = 1; return g; } }",
        "class G<T> implements Serializable { T t; } "
        "class Box implements Serializable { G<Long> v; long first() { return v.t; } }",
        "error ClassCastException",
        "first()",
    ),
    "arrayelements": Case(
        "type-changed",
        'List<String> v = new ArrayList<>(List.of("x"));',
        "int[] v;",
        "error HessianFieldException",
    ),
    "textarray": Case(
        "collection-changed", "List<Integer> v = new ArrayList<>(List.of(1));", "String[] v;", "1", "v[0]"
    ),
    "listofarray": Case(
        "argument-changed",
        "long[] v = {1};",
        "Collection<Integer> v; int first() { return v.iterator().next(); }",
        "error ClassCastException",
        "first()",
    ),
    "toqueue": Case(
        "type-changed",
        "List<Integer> v = new ArrayList<>(List.of(1));",
        "Queue<Integer> v; int first() { return v.peek(); }",
        "error IncompatibleClassChangeError",
        "first()",
    ),
    "bytesboxed": Case("type-changed", "byte[] v = {7};", "Byte[] v;", "error HessianFieldException"),
    "byteswidened": Case("type-changed", "byte[] v = {7};", "int[] v;", "error HessianFieldException"),
    "raw": Case("generics-changed", "List<Integer> v = new ArrayList<>(List.of(1));", "List v;", "[1]"),
    "sub": Case(
        "supertype-expected",
        "class Sub extends Base {int c = 1;} " + _BASE + " class Box implements Serializable { Sub v = new Sub(); }",
        _BASE + " class Box implements Serializable { Base v; }",
        "Base",
        "v.getClass().getSimpleName()",
    ),
    "widearray": Case("type-widened", "int[] v = {7};", "long[] v;", "7", "v[0]"),
    "narrowarray": Case("type-narrowed", "long[] v = {2147483648L};", "int[] v;", "-2147483648", "v[0]"),
    "boxarray": Case("type-boxed", "int[] v = {7};", "Integer[] v;", "7", "v[0]"),
    "deeparray": Case("type-changed", "long[] v = {7};", "long[][] v;", "error HessianFieldException", "v.length"),
    "otherarray": Case("type-changed", 'String[] v = {"a"};', "Long[] v;", "error HessianFieldException", "v[0]"),
    "objectarray": Case("type-generalized", 'String[] v = {"a"};', "Object[] v;", "a", "v[0]"),
    "listarray": Case("collection-changed", "List<Integer> v = new ArrayList<>(List.of(7));", "int[] v;", "7", "v[0]"),
    "arraylist": Case("collection-changed", "int[] v = {7};", "List<Integer> v;", "[7]"),
    "tonumber": Case("type-generalized", "Integer v = 7;", "Number v;", "7"),
    "fromnumber": Case("subtype-expected", "Number v = 7;", "Integer v;", "7"),
    "tosequence": Case("type-generalized", 'String v = "a";', "CharSequence v;", "a"),
    "todate": Case(
        "type-generalized", "java.sql.Timestamp v = new java.sql.Timestamp(5);", "Date v;", "5", "v.getTime()"
    ),
    "fromtext": Case("type-changed", 'String v = "x";', "long v;", "error HessianFieldException"),
    "todecimal": Case("type-changed", "int v = 7;", "BigDecimal v;", "error HessianFieldException"),
    "enumtext": Case(
        "type-changed",
        "E v = E.A; enum E { A }",
        "String v;",
        "error HessianFieldException",
    ),
    "lacking": Case("response-field-removed", "int w;", "int w; String v;", "null"),
    "unknown": Case("response-field-added", 'int v = 7; String w = "w";', "int v;", "7"),
    "primitive": Case("request-primitive-added", "int w;", "int w; int v;", "0", request=True),
    "optional": Case("request-field-added", "int w;", "int w; String v;", "null", request=True),
    "dropped": Case("request-field-removed", 'int w; String v = "v";', "int w;", "0", "w", request=True),
    "moved": Case(
        "field-moved",
        "class Base implements Serializable { int v = 7; } class Box extends Base { }",
        "class Base implements Serializable { } class Box extends Base { int v; }",
        "7",
    ),
    "shadow": Case(
        "field-shadows",
        "class Base implements Serializable { int v = 7; } class Box extends Base { int v = 8; }",
        "class Base implements Serializable { int v; } class Box extends Base { }",
        "8",
        "v",
    ),
    "constant": Case(
        "response-constant-added",
        "E v = E.B; enum E { A, B }",
        "E v; enum E { A }",
        "error HessianFieldException",
    ),
    "lostconstant": Case(
        "request-constant-removed",
        "E v = E.B; enum E { A, B }",
        "E v; enum E { A }",
        "error HessianFieldException",
        request=True,
    ),
    "reordered": Case("constants-reordered", "E v = E.B; enum E { A, B }", "E v; enum E { B, A }", "B"),
    "notserializable": Case(
        "not-serializable",
        "class Box { int v; }",
        "class Box implements Serializable { int v; }",
        "error IllegalStateException",
    ),
    "torecord": Case(
        "record-changed",
        "class Box implements Serializable { int v = 7; }",
        "record Box(int v) implements Serializable { }",
        "7",
        "v()",
    ),
    "toenum": Case(
        "kind-changed",
        "class P implements Serializable { int a; } class Box implements Serializable { P v = new P(); }",
        "enum P { A } class Box implements Serializable { P v; }",
        "error HessianFieldException",
    ),
    "madeabstract": Case(
        "became-abstract",
        "class P implements Serializable { int a; } class Box implements Serializable { P v = new P(); }",
        "abstract class P implements Serializable { int a; } class Box implements Serializable { P v; }",
        "error HessianFieldException",
        request=True,
    ),
    "supertype": Case(
        "supertype-added",
        "class Base implements Serializable { } class Box extends Base { int v = 7; }",
        "class Box implements Serializable { int v; }",
        "7",
    ),
}


class Wired(NamedTuple):
    sent: Path
    read: Path
    outcomes: Mapping[str, str]


def _source(name: str, text: str, extra: str) -> str:
    whole = text if " Box" in text else f"class Box implements Serializable {{ {text} }}"
    body = re.sub(r"((?:class|record) Box[^{]*\{)", lambda match: f"public {match[1]} {extra} ", whole)
    return f"package {name}; {_IMPORTS}\n{body}\n"


def _build(folder: Path, side: str) -> Path:
    """Classes and a jar of all cases, as one side has them."""
    for name, case in CASES.items():
        show = f"public static String show(Object o) {{ return String.valueOf(((Box) o).{case.value}); }}"
        extra, text = (_MAKE, case.sent) if side == "sent" else (show, case.read)
        package = folder / side / name
        package.mkdir(parents=True)
        (package / "Box.java").write_text(_source(name, text, extra))
        call = "void call(Box box);" if case.request else "Box call();"
        (package / "BoxFacade.java").write_text(f"package {name}; public interface BoxFacade {{ {call} }}")
    sources = sorted((folder / side).rglob("*.java"))
    classes = folder / f"{side}-classes"
    subprocess.run([*JAVAC, "-nowarn", "-Xlint:none", "--release", "17", "-d", classes, *sources], check=True)
    subprocess.run(["jar", "cf", folder / f"{side}.jar", "-C", classes, "."], check=True)
    return folder / f"{side}.jar"


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Wired:
    folder = tmp_path_factory.mktemp("wire")
    sent, read = (_build(folder, side) for side in ("sent", "read"))
    path = os.pathsep.join((str(find_jar()), str(folder)))
    subprocess.run([*JAVAC, "-nowarn", "-cp", path, "-d", folder, WIRE], check=True)
    command = ["java", "-cp", path, "Wire", str(folder / "sent-classes"), str(folder / "read-classes"), *CASES]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    lines = (line.split("\t") for line in done.stdout.splitlines() if "\t" in line)
    return Wired(sent, read, dict(lines))


@pytest.mark.parametrize("name", CASES)
def test_the_rule_says_what_hessian_does(wired: Wired, name: str) -> None:
    case = CASES[name]
    assert wired.outcomes[name] == case.arrives
    sent, read = (import_artifact([jar], interfaces=[f"{name}.BoxFacade"]) for jar in (wired.sent, wired.read))
    found = compare(sent, read) if case.request else compare(read, sent)
    assert case.rule in {change.rule for change in found.changes}
    if RULES[case.rule].severity == "breaking":
        assert found.worst == "breaking"
