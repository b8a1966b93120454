"""Finds methods and Javadoc in Java source without understanding the language: enough for names and descriptions.

A full grammar would have to follow every release of Java; this looks only at braces, type declarations and
`name(…)` directly inside a type's body, and passes over what it does not know.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

# What is not closed goes on to its natural end, so that no text makes the search go over it again and again.
_TOKENS = re.compile(
    r"""//[^\n]*|/\*.*?(?:\*/|\Z)  # comments
    |"{3}(?:\\.|.)*?(?:"{3}|\Z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?  # text blocks, strings, characters
    |(?P<token>\.{3}|[^\W\d][\w$]*|->|[{}()\[\]<>,;.@=?&:])""",
    re.DOTALL | re.VERBOSE,
)
_TYPE_WORDS = frozenset({"class", "interface", "enum", "record"})
_NO_METHOD = frozenset({"if", "for", "while", "switch", "catch", "synchronized", "return", "new", "throw", "assert"})
_MAX_NESTING = 64
_OPEN, _CLOSE = {"(": ")", "{": "}", "[": "]"}, {")", "}", "]"}


class SourceMethod(Struct, frozen=True):
    """`types` are simple and without type arguments: `Map[]`; of varargs the array type."""

    name: str
    types: tuple[str, ...]
    parameters: tuple[str, ...]
    doc: str = ""  # Javadoc as it stands in the source


class Source(Struct, frozen=True):
    """`methods` by type: `Outer`, `Outer.Inner`. `docs`: Javadoc of types, and of fields as `Outer.Inner#field`."""

    methods: dict[str, list[SourceMethod]]
    docs: dict[str, str]


def scan(text: str) -> Source:
    """Never fails; what it cannot follow is not in the result."""
    tokens, comments = list[str](), dict[int, str]()
    for match in _TOKENS.finditer(text):
        if match["token"]:
            tokens.append(match["token"])
        elif match[0].startswith("/**") and len(match[0]) > 5:
            comments[len(tokens)] = match[0]
    source = Source({}, {})
    _Scanner(tokens, comments, source).run()
    return source


class _Scanner:
    """`_types` holds a name for each open brace: of the type whose body it is, None for any other block.

    `comments`: Javadoc by the index of the token that follows; what it describes begins there.
    """

    def __init__(self, tokens: Sequence[str], comments: Mapping[int, str], source: Source) -> None:
        self._tokens, self._comments, self._found, self._docs = tokens, comments, source.methods, source.docs
        self._start = 0  # of the declaration that is being read
        self._is_method = False
        self._types: list[str | None] = []
        self._declared: str | None = None  # a type whose body has not begun

    def run(self) -> None:
        at = 0
        while at < len(self._tokens):
            at = self._step(at)

    def _step(self, at: int) -> int:
        """Deal with the token at `at`; gives the next one to look at."""
        token = self._tokens[at]
        if token == "@" and self._token(at + 1) != "interface":
            return self._after_annotation(at)
        if token in _TYPE_WORDS and self._is_declaration(at):
            self._declared = self._tokens[at + 1]
            self._document(self._nested(self._declared))
            return self._after_header(at + 2) if token == "record" else at + 2
        if token in (";", "=") and self._in_body():
            self._field(at)
        if token == "{":
            self._open()
        elif token == "}" and self._types:
            self._types.pop()
        elif token == "(" and self._in_body():
            return self._method(at)
        elif token == "=" and self._in_body():
            return self._after_value(at)
        if token in _ENDS:
            self._start, self._is_method = at + 1, False
        return at + 1

    def _document(self, name: str) -> None:
        if self._start in self._comments:
            self._docs.setdefault(name, self._comments[self._start])

    def _field(self, at: int) -> None:
        """At the end of a field's name: `long id;`, `int[] a = …`; a method is known by then."""
        name = self._token(at - 1)
        if not self._is_method and self._is_name(name) and self._is_name_or_type_end(at - 2):
            self._document(f"{self._types[-1]}#{name}")

    def _nested(self, name: str) -> str:
        outer = self._types[-1] if self._types else ""
        return f"{outer}.{name}" if outer else name

    def _open(self) -> None:
        if self._declared is None or len(self._types) >= _MAX_NESTING:
            self._declared = None
            self._types.append(None)
            return
        self._types.append(self._nested(self._declared))
        self._declared = None

    def _method(self, at: int) -> int:
        """At the parenthesis of what may be a method's parameters."""
        name, end = self._tokens[at - 1], self._closing(at)
        self._is_method = True
        type_ = self._types[-1]
        if type_ and self._is_name(name) and self._is_name_or_type_end(at - 2) and name not in _NO_METHOD:
            parameters = [part for part in _split(self._tokens[at + 1 : end]) if part]
            pairs = [pair for pair in map(_parameter, parameters) if pair]
            types, names = tuple(type_ for type_, _ in pairs), tuple(name for _, name in pairs)
            method = SourceMethod(name, types, names, self._comments.get(self._start, ""))
            self._found.setdefault(type_, []).append(method)
        return end + 1

    def _is_declaration(self, at: int) -> bool:
        # `Foo.class` is no declaration, and `record` may be a variable's or a method's name.
        return self._token(at - 1) != "." and self._is_name(self._token(at + 1)) and self._token(at + 2) in _HEADERS

    def _after_header(self, at: int) -> int:
        """Behind the components of a record, whose parentheses are no method."""
        while at < len(self._tokens) and self._tokens[at] not in "({;":
            at += 1
        return self._closing(at) + 1 if self._token(at) == "(" else at

    def _after_annotation(self, at: int) -> int:
        at += 2
        while self._token(at) == ".":
            at += 2
        return self._closing(at) + 1 if self._token(at) == "(" else at

    def _after_value(self, at: int) -> int:
        """Behind a field's initial value, lambdas and anonymous classes in it included."""
        while at < len(self._tokens) and self._tokens[at] not in (";", "}"):
            at = self._closing(at) + 1 if self._tokens[at] in _OPEN else at + 1
        return at

    def _closing(self, at: int) -> int:
        depth = 0
        for end in range(at, len(self._tokens)):
            if self._tokens[end] in _OPEN:
                depth += 1
            elif self._tokens[end] in _CLOSE:
                depth -= 1
                if not depth:
                    return end
        return len(self._tokens)

    def _in_body(self) -> bool:
        return bool(self._types and self._types[-1])

    def _is_name_or_type_end(self, at: int) -> bool:
        """A method's name follows its return type; a constructor's and an enum constant's does not."""
        token = self._token(at)
        return (self._is_name(token) and token not in _MODIFIERS) or token in (">", "]")

    def _is_name(self, token: str) -> bool:
        return token[:1].isalpha() or token[:1] in ("_", "$")

    def _token(self, at: int) -> str:
        return self._tokens[at] if 0 <= at < len(self._tokens) else ""


_ENDS = frozenset("{};")
_HEADERS = frozenset({"{", "<", "(", "extends", "implements", "permits"})
_MODIFIERS = frozenset({"public", "protected", "private", "static", "final", "abstract", "default", "new", "return"})


def _split(tokens: Sequence[str]) -> Iterator[list[str]]:
    """Parameters, divided at the commas outside of all brackets."""
    depth, part = 0, list[str]()
    for token in tokens:
        depth += (token in "(<[{") - (token in ")>]}")
        if token == "," and not depth:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _parameter(tokens: Sequence[str]) -> tuple[str, str] | None:
    """Type and name of `@Ann(x) final java.util.Map<K, V>[] name[]`; None for a receiver parameter (`Foo this`)."""
    words = _without_arguments(tokens)
    dimensions = words.count("[") + words.count("...")
    plain = [word for word in words if word not in ("[", "]", "...", "final")]
    if len(plain) < 2 or plain[-1] == "this":
        return None
    return plain[-2] + "[]" * dimensions, plain[-1]


def _without_arguments(tokens: Sequence[str]) -> list[str]:
    """Without annotations and type arguments."""
    words, depth, at = list[str](), 0, 0
    while at < len(tokens):
        token = tokens[at]
        if token == "@":
            at = _behind_annotation(tokens, at)
            continue
        depth += (token == "<") - (token == ">")
        if not depth and token != ">":
            words.append(token)
        at += 1
    return words


def _behind_annotation(tokens: Sequence[str], at: int) -> int:
    at += 2
    while at < len(tokens) and tokens[at] == ".":
        at += 2
    if at >= len(tokens) or tokens[at] != "(":
        return at
    depth = 0
    for end in range(at, len(tokens)):
        depth += (tokens[end] == "(") - (tokens[end] == ")")
        if not depth:
            return end + 1
    return len(tokens)
