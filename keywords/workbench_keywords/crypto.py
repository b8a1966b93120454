"""Digests, encodings, ciphers, signatures. Texts are UTF-8.

The libraries are imported when they are needed: a run that signs nothing does not pay for them.
"""

import base64 as stdlib_base64
import binascii
import hashlib
import hmac as stdlib_hmac
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from workbench.errors import KeywordError
from workbench.model.words import clipped
from workbench.plugin_api import keyword

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import Cipher

GROUP = "crypto"
_HASHES = ("md5", "sha1", "sha256", "sha384", "sha512")
_BLOCK = 16


@keyword(GROUP, pure=True)
def md5(text: str) -> str:
    """Give the MD5 digest of a text, as 32 hexadecimal digits.

    text: the text

    Example: $app.md5("abc") → "900150983cd24fb0d6963f7d28e17f72"
    """
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@keyword(GROUP, pure=True)
def sha1(text: str) -> str:
    """Give the SHA-1 digest of a text, in hexadecimal digits.

    text: the text

    Example: $app.sha1("abc") → "a9993e364706816aba3e25717850c26c9cd0d89d"
    """
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


@keyword(GROUP, pure=True)
def sha256(text: str) -> str:
    """Give the SHA-256 digest of a text, in hexadecimal digits.

    text: the text

    Example: $app.sha256("abc") → "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    """
    return hashlib.sha256(text.encode()).hexdigest()


@keyword(GROUP, pure=True)
def sha512(text: str) -> str:
    """Give the SHA-512 digest of a text, in hexadecimal digits.

    text: the text

    Example: $app.substring($app.sha512("abc"), 0, 16) → "ddaf35a193617aba"
    """
    return hashlib.sha512(text.encode()).hexdigest()


@keyword(GROUP, pure=True)
def hmac(text: str, key: str, algorithm: str = "sha256", output: str = "hex") -> str:
    """Sign a text with a shared key.

    text: what is signed
    key: as text, or after hex: or base64:
    algorithm: md5, sha1, sha256, sha384, sha512
    output: hex or base64

    Example: $app.hmac("what do ya want for nothing?", "Jefe", "md5") → "750c783e6ab0b503eaa86e310a5db738"
    """
    name = algorithm.lower().replace("-", "").removeprefix("hmac")
    if name not in _HASHES:
        raise KeywordError(f"unknown algorithm {algorithm!r}", hint=f"one of {', '.join(_HASHES)}")
    return _written(stdlib_hmac.new(_bytes(key), text.encode(), name).digest(), output)


@keyword(GROUP, pure=True)
def base64Encode(text: str, urlSafe: bool = False) -> str:
    """Write a text in Base64.

    text: the text
    urlSafe: with - and _ in place of + and /

    Example: $app.base64Encode("订单") → "6K6i5Y2V"
    """
    encode = stdlib_base64.urlsafe_b64encode if urlSafe else stdlib_base64.b64encode
    return encode(text.encode()).decode()


@keyword(GROUP, pure=True)
def base64Decode(text: str) -> str:
    """Read a text that is written in Base64, in either alphabet, with or without = at its end.

    text: the Base64

    Example: $app.base64Decode("6K6i5Y2V") → "订单"
    """
    return _text(_from_base64(text))


@keyword(GROUP, pure=True)
def urlEncode(text: str, safe: str = "") -> str:
    """Write a text so that it can stand in a URL; blanks become %20.

    text: the text
    safe: characters that stay as they are

    Example: $app.urlEncode("a b/订") → "a%20b%2F%E8%AE%A2"
    """
    return quote(text, safe=safe)


@keyword(GROUP, pure=True)
def urlDecode(text: str) -> str:
    """Read a text out of a URL.

    text: the part of the URL

    Example: $app.urlDecode("a%20b%2F%E8%AE%A2") → "a b/订"
    """
    return unquote(text, errors="strict")


@keyword(GROUP, pure=True)
def hexEncode(text: str) -> str:
    """Write the bytes of a text in hexadecimal digits.

    text: the text

    Example: $app.hexEncode("AZ") → "415a"
    """
    return text.encode().hex()


@keyword(GROUP, pure=True)
def hexDecode(text: str) -> str:
    """Read a text that is written in hexadecimal digits.

    text: the digits

    Example: $app.hexDecode("415A") → "AZ"
    """
    return _text(_from_hex(text))


@keyword(GROUP, pure=True)
def aesEncrypt(text: str, key: str, iv: str = "", mode: str = "CBC", output: str = "base64") -> str:
    """Encrypt with AES as Java's AES/CBC/PKCS5Padding, AES/ECB/PKCS5Padding and AES/GCM/NoPadding do.

    text: what is encrypted
    key: 16, 24 or 32 bytes, as text or after hex: or base64:
    iv: 16 bytes for CBC, 12 for GCM, written like the key; none for ECB
    mode: CBC, ECB or GCM; the 16 bytes of GCM's tag stand at the end of the result
    output: base64 or hex

    Example: $app.aesEncrypt("hello", "0123456789abcdef", "fedcba9876543210") → "e+3OsGVfOJQQaXifNkYgkQ=="
    """
    data = text.encode()
    if mode.upper() == "GCM":
        return _written(_gcm(key, iv).encrypt(_bytes(iv), data, None), output)
    fill = _BLOCK - len(data) % _BLOCK
    encryptor = _cipher(key, iv, mode).encryptor()
    return _written(encryptor.update(data + bytes([fill]) * fill) + encryptor.finalize(), output)


@keyword(GROUP, pure=True)
def aesDecrypt(text: str, key: str, iv: str = "", mode: str = "CBC", input: str = "base64") -> str:
    """Decrypt what aesEncrypt, or Java's AES ciphers, made.

    text: what is encrypted
    key: as in aesEncrypt
    iv: as in aesEncrypt
    mode: CBC, ECB or GCM
    input: base64 or hex

    Example: $app.aesDecrypt("e+3OsGVfOJQQaXifNkYgkQ==", "0123456789abcdef", "fedcba9876543210") → "hello"
    """
    data = _from_hex(text) if _form(input) == "hex" else _from_base64(text)
    if mode.upper() == "GCM":
        return _text(_open_gcm(data, key, iv))
    if not data or len(data) % _BLOCK:
        raise KeywordError(f"{len(data)} bytes are no whole AES blocks")
    decryptor = _cipher(key, iv, mode).decryptor()
    plain = decryptor.update(data) + decryptor.finalize()
    fill = plain[-1]
    if not 1 <= fill <= _BLOCK or plain[-fill:] != bytes([fill]) * fill:
        raise KeywordError("the padding is wrong: another key, iv or mode was used")
    return _text(plain[:-fill])


@keyword(GROUP, pure=True)
def rsaSign(text: str, privateKey: str, algorithm: str = "SHA256", output: str = "base64") -> str:
    """Sign with an RSA key as Java's SHA256withRSA does.

    text: what is signed
    privateKey: PKCS#8, as PEM or as the Base64 in it
    algorithm: SHA1, SHA256 or SHA512
    output: base64 or hex

    Example: $app.substring($app.rsaSign("total=10.50", $app.getConfig("privateKey")), 0, 8) ≈ "kY3t0lQ="
    """
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        key = load_der_private_key(_der(privateKey), None)
    except (ValueError, TypeError) as error:
        raise KeywordError(f"that is no private key in PKCS#8: {error}") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeywordError("that is no RSA key")
    return _written(key.sign(text.encode(), padding.PKCS1v15(), _hash(algorithm)), output)


@keyword(GROUP, pure=True)
def rsaVerify(text: str, signature: str, publicKey: str, algorithm: str = "SHA256") -> bool:
    """Say whether a signature of SHA256withRSA fits a text.

    text: what was signed
    signature: in Base64
    publicKey: X.509 (SubjectPublicKeyInfo), as PEM or as the Base64 in it
    algorithm: SHA1, SHA256 or SHA512

    Example: $app.rsaVerify("a", $app.rsaSign("a", $app.getConfig("privateKey")), $app.getConfig("publicKey")) → true
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(_der(publicKey))
    except (ValueError, TypeError) as error:
        raise KeywordError(f"that is no public key: {error}") from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise KeywordError("that is no RSA key")
    try:
        key.verify(_from_base64(signature), text.encode(), padding.PKCS1v15(), _hash(algorithm))
    except InvalidSignature:
        return False
    return True


def _cipher(key: str, iv: str, mode: str) -> "Cipher[Any]":
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    name, algorithm = mode.upper(), algorithms.AES(_key(key))
    if name not in ("CBC", "ECB"):
        raise KeywordError(f"unknown mode {mode!r}", hint="CBC, ECB or GCM")
    if name == "CBC" and len(_bytes(iv)) != _BLOCK:
        raise KeywordError(f"the iv has {len(_bytes(iv))} bytes, CBC needs {_BLOCK}")
    return Cipher(algorithm, modes.CBC(_bytes(iv)) if name == "CBC" else modes.ECB())


def _gcm(key: str, iv: str) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not 8 <= len(_bytes(iv)) <= 128:
        raise KeywordError(f"the iv has {len(_bytes(iv))} bytes, GCM needs 8 to 128, by custom 12")
    return AESGCM(_key(key))


def _open_gcm(data: bytes, key: str, iv: str) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        opened: bytes = _gcm(key, iv).decrypt(_bytes(iv), data, None)
    except InvalidTag:
        raise KeywordError("the tag does not fit: another key or iv was used, or the data was changed") from None
    return opened


def _hash(name: str) -> Any:
    from cryptography.hazmat.primitives import hashes

    known: dict[str, Any] = {"SHA1": hashes.SHA1, "SHA256": hashes.SHA256, "SHA512": hashes.SHA512}
    plain = name.upper().replace("-", "").removesuffix("WITHRSA")
    if plain not in known:
        raise KeywordError(f"unknown algorithm {name!r}", hint=f"one of {', '.join(known)}")
    return known[plain]()


def _der(text: str) -> bytes:
    lines = (line for line in text.splitlines() if not line.startswith("-----"))
    return _from_base64("".join(lines))


def _key(key: str) -> bytes:
    data = _bytes(key)
    if len(data) not in (16, 24, 32):
        raise KeywordError(f"the key has {len(data)} bytes, AES needs 16, 24 or 32")
    return data


def _bytes(text: str) -> bytes:
    if text.startswith("hex:"):
        return _from_hex(text.removeprefix("hex:"))
    if text.startswith("base64:"):
        return _from_base64(text.removeprefix("base64:"))
    return text.encode()


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise KeywordError(f"{clipped(text, 40)!r} are no hexadecimal digits") from None


def _from_base64(text: str) -> bytes:
    plain = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return stdlib_base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        raise KeywordError(f"{clipped(text, 40)!r} is no Base64") from None


def _written(data: bytes, output: str) -> str:
    return data.hex() if _form(output) == "hex" else stdlib_base64.b64encode(data).decode()


def _form(name: str) -> str:
    if name not in ("hex", "base64"):
        raise KeywordError(f"the form is hex or base64, not {name!r}")
    return name


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise KeywordError("the result is no UTF-8 text") from None
