"""Values that differ from run to run, made by the operating system's generator."""

import random as stdlib
import string
import uuid as uuids
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from workbench.errors import KeywordError
from workbench.model.json import Json
from workbench.plugin_api import keyword

GROUP = "random"

_source = stdlib.SystemRandom()
# second and third digit of Chinese mobile numbers that are given to people
_PREFIXES = (
    "130",
    "131",
    "132",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "155",
    "158",
    "159",
    "176",
    "186",
    "188",
    "189",
)
_MAX_LENGTH = 100_000


@keyword(GROUP, pure=True)
def uuid(dashes: bool = True) -> str:
    """Make a random UUID.

    dashes: False leaves them out

    Example: $app.uuid() ≈ "0b9d1c3e-6c0f-4d7e-9a6b-3f1f4f5a2c11"
    Example: $app.uuid(False) ≈ "0b9d1c3e6c0f4d7e9a6b3f1f4f5a2c11"
    """
    made = uuids.uuid4()
    return str(made) if dashes else made.hex


@keyword(GROUP, pure=True)
def randomInt(low: int, high: int) -> int:
    """Make a whole number from low to high, both included.

    low: the smallest one
    high: the largest one

    Example: $app.randomInt(1, 6) ≈ 4
    """
    if low > high:
        raise KeywordError(f"low {low} is greater than high {high}")
    return _source.randint(low, high)


@keyword(GROUP, pure=True)
def randomDecimal(low: int | Decimal | str, high: int | Decimal | str, scale: int = 2) -> Decimal:
    """Make a number from low to high with a number of digits behind the point.

    low: the smallest one
    high: the largest one
    scale: digits behind the point

    Example: $app.randomDecimal("0.01", "99.99") ≈ 42.17
    """
    if not 0 <= scale <= 1000:
        raise KeywordError(f"a scale is 0 to 1000, not {scale}")
    first = Decimal(low).scaleb(scale).to_integral_value(ROUND_CEILING)
    last = Decimal(high).scaleb(scale).to_integral_value(ROUND_FLOOR)
    if first > last:
        raise KeywordError(f"there is no number with {scale} digits behind the point between {low} and {high}")
    units = _source.randint(int(first), int(last))
    return Decimal(units).scaleb(-scale)


@keyword(GROUP, pure=True)
def randomText(length: int = 8, alphabet: str = string.ascii_letters + string.digits) -> str:
    """Make a text of random characters.

    length: how many
    alphabet: which ones may come

    Example: $app.randomText(6, "0123456789") ≈ "402917"
    """
    if not 0 <= length <= _MAX_LENGTH or not alphabet:
        raise KeywordError(f"a length is 0 to {_MAX_LENGTH}, and the alphabet must not be empty")
    return "".join(_source.choices(alphabet, k=length))


@keyword(GROUP, pure=True)
def randomChoice(values: list[Json]) -> Json:
    """Pick one of a list.

    values: what to pick from

    Example: $app.randomChoice(["ALIPAY", "WECHAT"]) ≈ "ALIPAY"
    """
    if not values:
        raise KeywordError("there is nothing to choose from")
    return _source.choice(values)


@keyword(GROUP, pure=True)
def randomPhone() -> str:
    """Make a Chinese mobile number of 11 digits; it may belong to someone, so do not call it.

    Example: $app.randomPhone() ≈ "13800138000"
    """
    return _source.choice(_PREFIXES) + "".join(_source.choices(string.digits, k=8))
