"""Default values of Java's simple types, in the spelling that binding takes: each can be sent as it is.

Numbers are 1 rather than 0, since services refuse amounts and pages of zero; texts are the field's name, so that it
shows in logs and answers where a value came from.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from workbench.model.javatype import BOXES
from workbench.model.json import Json

_DAY: Final = "2026-01-31"
_BY_SIMPLE_TYPE: Final[Mapping[str, Json]] = {
    "boolean": False,
    "byte": 1,
    "short": 1,
    "int": 1,
    "long": 1,
    "float": Decimal("1.5"),
    "double": Decimal("1.5"),
    "char": "a",
}
TEXTS: Final = frozenset(
    {"java.lang.String", "java.lang.CharSequence", "java.lang.StringBuilder", "java.lang.StringBuffer"}
    | {"java.lang.Comparable", "java.io.Serializable"}
)
DEFAULTS: Final[Mapping[str, Json]] = {
    **_BY_SIMPLE_TYPE,
    **{box: _BY_SIMPLE_TYPE[simple] for box, simple in BOXES.items()},
    "java.math.BigDecimal": Decimal("1.00"),
    "java.math.BigInteger": 1,
    "java.lang.Number": 1,
    "java.util.concurrent.atomic.AtomicInteger": 1,
    "java.util.concurrent.atomic.AtomicLong": 1,
    "java.util.concurrent.atomic.AtomicBoolean": False,
    "java.util.Date": f"{_DAY} 12:00:00",
    "java.util.Calendar": f"{_DAY} 12:00:00",
    "java.util.GregorianCalendar": f"{_DAY} 12:00:00",
    "java.sql.Time": "12:00:00",
    "java.sql.Timestamp": f"{_DAY} 12:00:00",
    "java.sql.Date": _DAY,
    "java.time.LocalDateTime": f"{_DAY}T12:00:00",
    "java.time.LocalDate": _DAY,
    "java.time.LocalTime": "12:00:00",
    "java.time.Instant": f"{_DAY}T12:00:00Z",
    "java.time.OffsetDateTime": f"{_DAY}T12:00:00+08:00",
    "java.time.ZonedDateTime": f"{_DAY}T12:00:00+08:00[Asia/Shanghai]",
    "java.time.OffsetTime": "12:00:00+08:00",
    "java.time.YearMonth": "2026-01",
    "java.time.MonthDay": "--01-31",
    "java.time.Year": 2026,
    "java.time.Duration": "PT1S",
    "java.time.Period": "P1D",
    "java.time.ZoneId": "Asia/Shanghai",
    "java.time.ZoneOffset": "+08:00",
    "java.time.DayOfWeek": "MONDAY",
    "java.time.Month": "JANUARY",
    "java.util.UUID": "00000000-0000-4000-8000-000000000001",
    "java.util.TimeZone": "Asia/Shanghai",
    "java.util.Locale": "zh-CN",
    "java.util.Currency": "CNY",
    "java.nio.charset.Charset": "UTF-8",
    "java.util.regex.Pattern": ".*",
    "java.io.File": "file.txt",
    "java.net.URI": "http://127.0.0.1/",
    "java.net.InetAddress": "127.0.0.1",
    "java.util.BitSet": [1],
    "java.net.URL": "http://127.0.0.1/",
}
BYTES: Final = "AQID"  # base64 of 1, 2, 3
CHARS: Final = "abc"
