"""Constants of enums: those of a contract, and those of the JDK that no contract holds."""

import re
from collections.abc import Mapping
from typing import Any, Final

from workbench.expr.names import suggestion
from workbench.expr.scalars import Source, Take, Unfit, expected

_CONSTANT: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_SHOWN: Final = 12


def constant(name: str, constants: tuple[str, ...], *, as_told: bool = False) -> Take:
    """`as_told`: by toString(), which tells names unless it is overridden; then any name may be right."""
    allowed = frozenset(constants)
    overridden = as_told and not all(map(_CONSTANT.fullmatch, constants))

    def take(value: Any, source: Source) -> str:
        if isinstance(value, str) and (value in allowed or not allowed or (overridden and value.isidentifier())):
            return value
        if isinstance(value, str):
            names = ", ".join(constants[:_SHOWN]) + (" …" if len(constants) > _SHOWN else "")
            raise Unfit(f"{name} has no constant {value!r}: {names}", suggestion(value, constants))
        raise expected(f"a constant of {name}", value, f"as text: {', '.join(constants[:_SHOWN])}")

    return take


_OF_JDK: Final = {
    "java.time.DayOfWeek": "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY",
    "java.time.Month": "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER",
    "java.math.RoundingMode": "UP DOWN CEILING FLOOR HALF_UP HALF_DOWN HALF_EVEN UNNECESSARY",
    "java.util.concurrent.TimeUnit": "NANOSECONDS MICROSECONDS MILLISECONDS SECONDS MINUTES HOURS DAYS",
    "java.time.temporal.ChronoUnit": "NANOS MICROS MILLIS SECONDS MINUTES HOURS HALF_DAYS DAYS WEEKS MONTHS YEARS "
    "DECADES CENTURIES MILLENNIA ERAS FOREVER",
}
JDK_ENUMS: Final[Mapping[str, Take]] = {name: constant(name, tuple(text.split())) for name, text in _OF_JDK.items()}
