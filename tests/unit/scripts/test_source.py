"""What the scanner turns `$app` into, and what it leaves alone. The same on every Python."""

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.scripts.source import LINE_NOTE, Source, read


def plain(text: str) -> str:
    """The sandbox's code without the notes of lines."""
    code = read(text).code
    return re.sub(rf' {LINE_NOTE}\.update\(n=\d+\) or |{LINE_NOTE}\["n"\]=\d+;', "", code)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("$app.uuid()", "_app.uuid()"),
        ("x = [$app.a(), {1: $app.b()}]", "x = [_app.a(), {1: _app.b()}]"),
        ("'$app.a()'", "'$app.a()'"),
        ('"""\n$app.a()\n"""', '"""\n$app.a()\n"""'),
        ("x = 1  # $app.a()", "x = 1  # $app.a()"),
        ("f'{$app.a()}'", "f'{_app.a()}'"),
        ("f'$app.a() {$app.b()} {{$app.c()}}'", "f'$app.a() {_app.b()} {{$app.c()}}'"),
        ("f'{$app.a(\"x\")!r:>{$app.b()}}'", "f'{_app.a(\"x\")!r:>{_app.b()}}'"),
        ('f"{$app.a("x")} {$app.b()}"', 'f"{_app.a("x")} {_app.b()}"'),
        ("f'{d[\"k\"]:$app}{$app.a()}'", "f'{d[\"k\"]:$app}{_app.a()}'"),
        ('f\'{ {"a": $app.a()}["a"] }\'', 'f\'{ {"a": _app.a()}["a"] }\''),
        ("f'{a != $app.b()}'", "f'{a != _app.b()}'"),
        ("rf'\\d{$app.a()}'", "rf'\\d{_app.a()}'"),
        ("f'''{\n$app.a()\n}'''", "f'''{\n_app.a()\n}'''"),
        ("b'$app' + r'\\'", "b'$app' + r'\\'"),
        ("'it\\'s $app' + $app.a()", "'it\\'s $app' + _app.a()"),
        ("$apple.x", "$apple.x"),
        ("$application()", "$application()"),
        ("my$app.x", "my_app.x"),
        ("x = '$app\n$app.a()", "x = '$app\n_app.a()"),
    ],
)
def test_app_is_replaced_in_code_only(written: str, wanted: str) -> None:
    assert plain(written) == wanted


def test_the_replacement_keeps_every_column() -> None:
    text = "x = $app.a($app.b('$app')) # $app"
    assert len(plain(text)) == len(text)


LOOPS = """\
total = 0
for i in [1, 2]:
    if i > 1 and total in (1, 2):
        total += i
    elif total:
        pass
    else:
        total = sum(
            [x for x in (1, 2) if x in (2,)]
        )
while total < 10 or False:
    total += 1
while (left := 0): pass
for a in *[1], 2: b = a
for (a, b) in [(1, 2)]:
    c = a \\
        + b
class Point:
    x = 1
    def f(self):
        "documentation"
        return self.x
    y = 2
try:
    z = Point().f()
except ValueError as error:
    raise
finally:
    done = True
match total:
    case 10:
        match = "ten"
kind = "a" if total in (1, 2) else "b"
def g(f): return f
@g
def h(): pass
"""


def test_notes_of_lines_leave_good_code_good() -> None:
    code = read(LOOPS).code
    assert len(code.splitlines()) == len(LOOPS.splitlines())
    assert outcome(code) == outcome(LOOPS) != {}


def outcome(code: str) -> dict[str, object]:
    """Plain variables after running it as real Python."""
    names: dict[str, object] = {LINE_NOTE: {}}
    exec(compile(ast.parse(code), "script", "exec"), names)
    return {name: value for name, value in names.items() if isinstance(value, int | str) and name[0] != "_"}


def test_every_statement_of_a_loop_notes_its_line() -> None:
    code = read("x = 1\nwhile x:\n    x = 2\n    if x: pass\nfor y in x:\n    pass").code
    assert code.splitlines() == [
        f'{LINE_NOTE}["n"]=1;x = 1',
        f"while {LINE_NOTE}.update(n=2) or  x:",
        f'    {LINE_NOTE}["n"]=3;x = 2',
        f"    if {LINE_NOTE}.update(n=4) or  x: pass",
        f"for y in {LINE_NOTE}.update(n=5) or  x:",
        f'    {LINE_NOTE}["n"]=6;pass',
    ]


def test_uses_know_name_line_and_literal() -> None:
    source = read('a = $app.getContext("x")\n\n$app.addContext(\'y\', f"{$app.getRow("z")}")\n$app.getContext(name)')
    assert [(use.name, use.line, use.literal) for use in source.uses] == [
        ("getContext", 1, "x"),
        ("addContext", 3, "y"),
        ("getRow", 3, "z"),
        ("getContext", 4, None),
    ]


def test_references_are_what_must_exist() -> None:
    source = read(
        '$app.getContext("a")\n$app.getContext("b", 1)\n$app.addContext("c", 1)\n$app.getRow("d")\n$app.getRow()\n'
        '$app.getConfig("e")\n$app.getConfig("f", None)\n$app.hasContext("g")\n$app.removeContext("h")\n'
        '# $app.getRow("i")\nx = \'$app.getRow("j")\'\n$app.getRow("k" + "l")'
    )
    assert source.references == {
        ("getContext", "a"),
        ("addContext", "c"),
        ("getRow", "d"),
        ("getConfig", "e"),
    }


def test_line_ends_of_windows_and_old_macs() -> None:
    source = read("a = 1\r\nb = 2\rc = 3")
    assert [source.line(number) for number in (1, 2, 3, 4, 0)] == ["a = 1", "b = 2", "c = 3", "", ""]


@given(st.text(alphabet="ab \n'\"{}()[]:!#$\\fr=.apwhileforin,;0", max_size=60))
def test_no_text_makes_the_scanner_fail_or_lose_a_character(text: str) -> None:
    source = read(text)
    assert isinstance(source, Source)
    assert plain(text).replace("_app", "$app") == text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="$\r"), max_size=60))
def test_a_script_without_app_keeps_its_text(text: str) -> None:
    assert plain(text) == text
