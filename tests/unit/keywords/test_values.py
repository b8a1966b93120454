"""Decimals, random values, texts, JSON, ciphers: laws and known results."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from workbench_keywords import crypto, decimals, jsons, randoms, texts

from workbench.errors import ExpressionError, KeywordError
from workbench.expr.compare import identical

amounts = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40)


@given(amounts, amounts)
def test_sums_and_products_are_exact(left: Decimal, right: Decimal) -> None:
    assert Fraction(decimals.decimalAdd(left, right)) == Fraction(left) + Fraction(right)
    assert Fraction(decimals.decimalSubtract(left, right)) == Fraction(left) - Fraction(right)
    assert Fraction(decimals.decimalMultiply(left, right)) == Fraction(left) * Fraction(right)
    assert decimals.decimalCompare(left, right) == (left > right) - (left < right)


@given(
    amounts,
    amounts,
    st.integers(0, 12),
    st.sampled_from(["HALF_UP", "HALF_EVEN", "HALF_DOWN", "UP", "DOWN", "FLOOR", "CEILING"]),
)
def test_a_quotient_is_rounded_once(left: Decimal, right: Decimal, scale: int, rounding: str) -> None:
    assume(right)
    exact = Fraction(left) / Fraction(right)
    got = decimals.decimalDivide(left, right, scale, rounding)
    unit = Fraction(1, 10**scale)
    assert got.as_tuple().exponent == -scale
    distance = Fraction(got) - exact
    assert abs(distance) <= unit / 2 if rounding.startswith("HALF") else abs(distance) < unit
    if abs(distance) == unit / 2 and rounding == "HALF_EVEN":
        assert int(Fraction(got) / unit) % 2 == 0
    if rounding == "FLOOR":
        assert distance <= 0
    if rounding == "UP":
        assert abs(Fraction(got)) >= abs(exact)


def test_halves_are_rounded_as_asked() -> None:
    results = {name: str(decimals.decimalDivide("0.25", 1, 1, name)) for name in ("HALF_UP", "HALF_DOWN", "HALF_EVEN")}
    assert results == {"HALF_UP": "0.3", "HALF_DOWN": "0.2", "HALF_EVEN": "0.2"}
    assert str(decimals.decimalDivide(-2, 3, 2)) == "-0.67"


@pytest.mark.parametrize("bad", ["abc", "", "NaN", "Infinity", "1E+999999999", "1e-999999", "1_0_", "9" * 4000])
def test_what_is_no_sensible_number_is_refused(bad: str) -> None:
    with pytest.raises(KeywordError):
        decimals.decimal(bad)


def test_decimal_limits() -> None:
    for call in (
        lambda: decimals.decimalDivide(1, 0),
        lambda: decimals.decimalRound(1, -1),
        lambda: decimals.decimalRound(1, 1001),
        lambda: decimals.decimalRound(1, 2, "NEAREST"),
    ):
        with pytest.raises(KeywordError):
            call()


@given(st.integers(-1000, 1000), st.integers(0, 1000), st.integers(0, 4))
def test_random_numbers_stay_in_their_bounds(low: int, span: int, scale: int) -> None:
    assert low <= randoms.randomInt(low, low + span) <= low + span
    made = randoms.randomDecimal(low, low + span, scale)
    assert low <= made <= low + span
    assert made.as_tuple().exponent == -scale


def test_random_texts() -> None:
    assert re.fullmatch(r"[ab]{50}", randoms.randomText(50, "ab"))
    assert len({randoms.uuid() for _ in range(100)}) == 100
    assert re.fullmatch(r"1[3-9]\d{9}", randoms.randomPhone())
    assert {randoms.randomChoice([1, 2, 3]) for _ in range(200)} == {1, 2, 3}
    with pytest.raises(KeywordError, match="greater than"):
        randoms.randomInt(2, 1)
    with pytest.raises(KeywordError, match="nothing to choose"):
        randoms.randomChoice([])
    with pytest.raises(KeywordError):
        randoms.randomText(10**9)
    with pytest.raises(KeywordError, match="no number with 2 digits"):
        randoms.randomDecimal("0.001", "0.002", 2)


def test_texts_say_what_is_wrong() -> None:
    with pytest.raises(KeywordError, match="2 times"):
        texts.format_("{} {}", 1)
    with pytest.raises(KeywordError, match="must not be empty"):
        texts.split("a", "")
    with pytest.raises(KeywordError, match="one character"):
        texts.padLeft("a", 3, "ab")
    with pytest.raises(KeywordError, match="more than"):
        texts.padLeft("a", 10**9)
    with pytest.raises(ExpressionError, match="not a regular expression"):
        texts.regexFind("a", "(")
    assert texts.regexFind("a", "b") is None
    assert texts.format_("{{{}}}", Decimal("1.10")) == "{1.10}"


# --- JSON -------------------------------------------------------------------------------------------------------------

RFC_7396 = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("base", "change", "wanted"), RFC_7396)
def test_merging_follows_the_rfc_s_table(base: Any, change: Any, wanted: Any) -> None:
    assert jsons.jsonMerge(base, change) == wanted


@pytest.mark.parametrize(
    ("value", "path", "new", "wanted"),
    [
        ({}, "a.b", 1, {"a": {"b": 1}}),
        ({"a": [1, 2]}, "a[0]", 9, {"a": [9, 2]}),
        ({"a": [1, 2]}, "a[-1]", 9, {"a": [1, 9]}),
        ({"a": [1]}, "a[1]", 9, {"a": [1, 9]}),
        ({"a": [{"b": 1}]}, "$.a[0].c", 2, {"a": [{"b": 1, "c": 2}]}),
        ([1], "[0]", {"x": 1}, [{"x": 1}]),
        ({"a b": 1}, '["a b"]', 2, {"a b": 2}),
        ({"a": None}, "a.b", 1, {"a": {"b": 1}}),
    ],
)
def test_setting_changes_a_copy(value: Any, path: str, new: Any, wanted: Any) -> None:
    before = repr(value)
    assert jsons.jsonSet(value, path, new) == wanted
    assert repr(value) == before


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        ({"a": [1]}, "a[5]", "no place"),
        ({"a": 1}, "a.b", "no object"),
        ({"a": 1}, "a[*]", "one place"),
        ({"a": 1}, "a[0]", "no place"),
    ],
)
def test_places_that_cannot_be(value: Any, path: str, message: str) -> None:
    with pytest.raises(KeywordError, match=re.escape(message)):
        jsons.jsonSet(value, path, 1)


@pytest.mark.parametrize(
    ("value", "path", "wanted"),
    [
        ({"a": {"b": 1, "c": 2}}, "a.b", {"a": {"c": 2}}),
        ({"a": [1, 2, 3]}, "a[1]", {"a": [1, 3]}),
        ({"a": [1, 2, 3]}, "a[-1]", {"a": [1, 2]}),
        ({"a": [{"b": 1}]}, "a[0].b", {"a": [{}]}),
        ({"a": 1}, "b.c", {"a": 1}),
        ({"a": 1}, "a.c", {"a": 1}),
        ([], "[0]", []),
    ],
)
def test_removing_changes_a_copy(value: Any, path: str, wanted: Any) -> None:
    assert jsons.jsonRemove(value, path) == wanted


def test_json_texts_keep_digits() -> None:
    text = '{"id":123456789012345678901234567890,"amount":5000000000.10,"small":1E-7}'
    assert identical(jsons.parseJson(jsons.toJson(jsons.parseJson(text))), jsons.parseJson(text))
    assert jsons.toJson(jsons.parseJson(text)).startswith('{"id":123456789012345678901234567890,"amount":5000000000.10')
    assert jsons.jsonPath('{"a": [1, 2]}', "a[1]") == 2
    with pytest.raises(KeywordError, match=r"nothing at value\.b"):
        jsons.jsonPath({"a": 1}, "b")
    assert jsons.jsonDiff({"a": 1, "t": 5}, {"a": Decimal("1.0"), "t": 6}, ["t"]) == []


# --- ciphers ----------------------------------------------------------------------------------------------------------


def test_digests_and_codes_go_both_ways() -> None:
    text = "订单 a+b/ü"
    assert (
        crypto.base64Decode(crypto.base64Encode(text)) == crypto.base64Decode(crypto.base64Encode(text, True)) == text
    )
    assert crypto.urlDecode(crypto.urlEncode(text)) == crypto.hexDecode(crypto.hexEncode(text)) == text
    # RFC 4231, test case 1, in both spellings of the key
    wanted = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    assert crypto.hmac("Hi There", "hex:" + "0b" * 20) == wanted
    assert crypto.hmac("Hi There", "\x0b" * 20, "HmacSHA256") == wanted


@pytest.mark.parametrize(
    ("mode", "key", "iv"),
    [
        ("CBC", "0123456789abcdef", "fedcba9876543210"),
        ("ECB", "hex:" + "00" * 32, ""),
        ("GCM", "0" * 24, "012345678901"),
    ],
)
@pytest.mark.parametrize("text", ["", "a", "x" * 16, "订单" * 20])
def test_aes_goes_both_ways(mode: str, key: str, iv: str, text: str) -> None:
    for form in ("base64", "hex"):
        sealed = crypto.aesEncrypt(text, key, iv, mode, form)
        assert crypto.aesDecrypt(sealed, key, iv, mode, form) == text


def test_aes_known_results() -> None:
    """FIPS 197, appendix B, with the padding block that follows; NIST GCM test case 1 and 2."""
    key = "hex:2b7e151628aed2a6abf7158809cf4f3c"
    plain = bytes.fromhex("3243f6a8885a308d313198a2e0370734")
    block = crypto._cipher(key, "", "ECB").encryptor()
    assert block.update(plain).hex() == "3925841d02dc09fbdc118597196a0b32"
    zero = "hex:" + "00" * 16
    assert crypto.aesEncrypt("", zero, "hex:" + "00" * 12, "GCM", "hex") == "58e2fccefa7e3061367f1d57a4e7455a"
    sealed = crypto.aesEncrypt("\0" * 16, zero, "hex:" + "00" * 12, "GCM", "hex")
    assert sealed == "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: crypto.aesEncrypt("a", "short"), "the key has 5 bytes"),
        (lambda: crypto.aesEncrypt("a", "0" * 16), "the iv has 0 bytes"),
        (lambda: crypto.aesEncrypt("a", "0" * 16, "", "GCM"), "the iv has 0 bytes, GCM"),
        (lambda: crypto.aesEncrypt("a", "0" * 16, "", "CTR"), "unknown mode"),
        (lambda: crypto.aesEncrypt("a", "0" * 16, "", "ECB", "text"), "hex or base64"),
        (lambda: crypto.aesDecrypt("AAAA", "0" * 16, "", "ECB"), "no whole AES blocks"),
        (
            lambda: crypto.aesDecrypt(crypto.aesEncrypt("a", "0" * 16, "", "ECB"), "1" * 16, "", "ECB"),
            "padding is wrong",
        ),
        (
            lambda: crypto.aesDecrypt(crypto.aesEncrypt("a", "0" * 16, "i" * 12, "GCM"), "1" * 16, "i" * 12, "GCM"),
            "tag does not fit",
        ),
        (lambda: crypto.hmac("a", "b", "crc"), "unknown algorithm"),
        (lambda: crypto.base64Decode("a!"), "no Base64"),
        (lambda: crypto.base64Decode("/w=="), "no UTF-8"),
        (lambda: crypto.hexDecode("xy"), "no hexadecimal"),
        (lambda: crypto.rsaSign("a", "AAAA"), "no private key"),
        (lambda: crypto.rsaVerify("a", "AAAA", "AAAA"), "no public key"),
    ],
)
def test_ciphers_say_what_is_wrong(call: Any, message: str) -> None:
    with pytest.raises(KeywordError, match=re.escape(message)):
        call()


def test_rsa(rsa_keys: dict[str, str]) -> None:
    signature = crypto.rsaSign("total=10.50", rsa_keys["privateKey"])
    bare = "".join(rsa_keys["publicKey"].splitlines()[1:-1])
    assert crypto.rsaVerify("total=10.50", signature, rsa_keys["publicKey"])
    assert crypto.rsaVerify("total=10.50", signature, bare, "SHA256withRSA")
    assert not crypto.rsaVerify("total=10.51", signature, bare)
    with pytest.raises(KeywordError, match="unknown algorithm"):
        crypto.rsaSign("a", rsa_keys["privateKey"], "MD2")
