"""How a change is judged: one rule a kind of change, and the words for it.

The point of view is a consumer (or a suite) made for the old contract that calls a provider of the new one. Hessian2
writes objects as class name, field names and values: the order of fields, serialVersionUID, visibility, accessors and
names of parameters do not travel. What hessian2 does is proved in tests/integration/test_wire_rules.py; the table in
docs/contracts.md is made from this module.
"""

from typing import Final, NamedTuple

from workbench.model.contract_diff import SEVERITIES, Severity


class Rule(NamedTuple):
    id: str
    severity: Severity
    change: str
    why: str


_RULES: Final = (
    # interfaces and methods
    Rule("interface-added", "compatible", "an interface is new", "nobody calls it yet"),
    Rule("interface-removed", "breaking", "an interface is gone", "calls find no provider"),
    Rule("service-renamed", "breaking", "an interface has another group or version", "calls find no provider"),
    Rule("method-added", "compatible", "a method is new", "nobody calls it yet"),
    Rule(
        "overload-added",
        "risky",
        "a method of a known name is new",
        "calls that leave the parameter types out have become ambiguous",
    ),
    Rule("method-removed", "breaking", "a method is gone", "the provider answers that it has no such method"),
    Rule(
        "parameters-changed",
        "breaking",
        "a method has other parameter types",
        "methods are found by name and parameter types: the old ones are not there any more",
    ),
    Rule("parameter-renamed", "compatible", "a parameter has another name", "names of parameters do not travel"),
    Rule("async-changed", "compatible", "a method answers with a future, or no longer", "the answer travels the same"),
    Rule(
        "exception-added",
        "risky",
        "a declared exception is new",
        "calls may end with it; a consumer without its class cannot read it",
    ),
    Rule(
        "exception-removed",
        "risky",
        "a declared exception is gone",
        "what expects it fails; a provider that throws it undeclared sends a RuntimeException instead",
    ),
    Rule("answer-added", "compatible", "void became an answer", "the answer is not looked at"),
    Rule("answer-removed", "breaking", "an answer became void", "null arrives"),
    # declared types of parameters, answers, fields and their type arguments
    Rule(
        "type-widened",
        "compatible",
        "a whole number goes to a wider type (int to long)",
        "every value arrives as it was",
    ),
    Rule(
        "type-narrowed",
        "breaking",
        "a whole number goes to a narrower type (long to int)",
        "values that do not fit are cut without a word (2147483648 becomes -2147483648)",
    ),
    Rule("type-boxed", "compatible", "a primitive goes to its box (int to Integer)", "every value arrives as it was"),
    Rule("type-unboxed", "risky", "a box goes to its primitive (Integer to int)", "null arrives as 0 or false"),
    Rule(
        "type-rounded",
        "risky",
        "a number goes to float or double, or between them",
        "digits beyond its precision are lost without a word",
    ),
    Rule("type-to-text", "risky", "a number goes to a String", "it arrives as its text; what compares it sees text"),
    Rule(
        "collection-changed",
        "risky",
        "one kind of collection, array or map goes to another",
        "order, duplicates or sorting may be lost",
    ),
    Rule(
        "argument-changed",
        "breaking",
        "a type argument is another class (an answer List<Integer> to List<Long>)",
        "elements arrive as what was sent, and fail with ClassCastException where they are used; only elements of a "
        "field's own collection or map are read by their declared type",
    ),
    Rule("generics-changed", "compatible", "type arguments were added or left out", "they do not travel"),
    Rule(
        "type-generalized",
        "compatible",
        "a JDK type goes to one that it extends (Integer to Number, String to Object, ArrayList to List)",
        "every value arrives as it was",
    ),
    Rule(
        "supertype-expected",
        "risky",
        "a subclass goes to its superclass or interface",
        "a side that lacks the subclass loses its fields, or gets a map",
    ),
    Rule(
        "subtype-expected",
        "risky",
        "a superclass or interface goes to its subclass",
        "what is no such subclass is read by its field names only, or not at all",
    ),
    Rule(
        "type-changed",
        "breaking",
        "a value goes to an unlike type (String to long, an enum to a String, a class to another)",
        "it cannot be read, or only by chance",
    ),
    # classes
    Rule("type-added", "compatible", "a class is new", "the places that use it are told by themselves"),
    Rule(
        "response-subclass-added",
        "risky",
        "a class is new that an answer or exception may hold where its superclass or interface is declared",
        "a consumer that lacks it loses its fields, or gets a map",
    ),
    Rule(
        "type-removed",
        "risky",
        "a class is gone",
        'requests that name it in "$class" fail; places that declare it are told by themselves',
    ),
    Rule("kind-changed", "breaking", "a class became an enum or interface, or the like", "it is written another way"),
    Rule(
        "record-changed",
        "risky",
        "a class became a record, or a record a class",
        "fields travel the same; providers on Dubbo before 3.3 cannot read records of hessian2",
    ),
    Rule(
        "became-abstract",
        "breaking",
        "a class of requests became abstract",
        "the provider cannot make an object of it any more",
    ),
    Rule("abstract-changed", "risky", "a class became abstract, or no longer", "other classes may arrive in its place"),
    Rule(
        "not-serializable",
        "breaking",
        "a class is no longer Serializable",
        "Dubbo 3 refuses to write and read it (dubbo.application.check-serializable)",
    ),
    Rule("now-serializable", "compatible", "a class became Serializable", "it can be sent now"),
    Rule(
        "supertype-lost",
        "risky",
        "a class lost a superclass or interface",
        "it no longer fits where that one is declared or caught",
    ),
    Rule("supertype-added", "compatible", "a class has a further superclass or interface", "it fits where it did"),
    Rule("type-parameters-changed", "compatible", "a class has other type parameters", "they do not travel"),
    # fields
    Rule(
        "request-field-added",
        "compatible",
        "a field of a request is new",
        "it arrives as null when it is not sent, which the provider can tell",
    ),
    Rule(
        "request-primitive-added",
        "risky",
        "a primitive field of a request is new",
        "it arrives as 0 or false when it is not sent, which the provider cannot tell from a value",
    ),
    Rule(
        "request-field-removed",
        "risky",
        "a field of a request is gone",
        "what is still sent in it is dropped without a word",
    ),
    Rule(
        "response-field-added",
        "compatible",
        "a field of an answer is new",
        "a consumer that does not know it passes over it; only assertions on the whole answer see it",
    ),
    Rule(
        "response-field-removed",
        "breaking",
        "a field of an answer is gone",
        "it reads as null, 0 or false without a word; assertions on it fail",
    ),
    Rule(
        "field-moved",
        "compatible",
        "a field moved to or from a superclass",
        "inherited fields travel as own ones do",
    ),
    Rule(
        "field-shadows",
        "risky",
        "a field hides one of the same name in a superclass",
        "two values have one name: only the subclass's is kept",
    ),
    # enums
    Rule(
        "response-constant-added",
        "risky",
        "an enum of an answer has a new constant",
        "an answer that holds it cannot be read by a consumer that lacks it",
    ),
    Rule("request-constant-added", "compatible", "an enum of a request has a new constant", "nobody sends it yet"),
    Rule(
        "request-constant-removed",
        "breaking",
        "an enum of a request lost a constant",
        "a request that holds it cannot be read by the provider",
    ),
    Rule(
        "response-constant-removed",
        "risky",
        "an enum of an answer lost a constant",
        "it never comes any more; assertions that expect it fail",
    ),
    Rule("constants-reordered", "compatible", "the constants of an enum stand in another order", "names travel"),
)
RULES: Final = {rule.id: rule for rule in _RULES}


def gravest(ids: "list[str]") -> Rule:
    """Of several judgements of one change the worst; of equally grave ones the first."""
    return min((RULES[one] for one in ids), key=lambda rule: SEVERITIES.index(rule.severity))
