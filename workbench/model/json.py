"""The one exact JSON codec: every number leaves as it came.

Integers of any length stay int, numbers with a fraction or exponent become Decimal with their scale;
a float never appears. (stdlib json and orjson turn 5000000000.10 into a double.)
"""

from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

from workbench.errors import JsonError

# dict[str, Json] | list[Json] | str | int | Decimal | bool | None
Json: TypeAlias = Any

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


def loads(text: str | bytes, *, where: str = "") -> Json:
    """Parse JSON text. Raises JsonError with line and column."""
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError as error:
        raise JsonError(str(error), where=where) from error
    except UnicodeDecodeError as error:
        raise JsonError(f"not UTF-8: {error}", where=where) from error


def dumps(value: Json) -> str:
    """Compact JSON text; Decimal is written as a number with all its digits."""
    return _encoder.encode(value).decode()


def dump_bytes(value: Json) -> bytes:
    return _encoder.encode(value)


def pretty(value: Json) -> str:
    """JSON text for eyes: two blanks a level."""
    return msgspec.json.format(_encoder.encode(value), indent=2).decode()


def decoder_for(type_: Any) -> msgspec.json.Decoder[Any]:
    """A decoder into a model type whose untyped numbers stay exact."""
    return msgspec.json.Decoder(type_, float_hook=Decimal)
