"""A request in which everything is wrong: one field of each type of time, and a field that there is not."""

from typing import Final

WRONG_TIMES: Final = """[{"date": "31.01.2026", "calendar": "now", "timestamp": "2026-01-31T25:00:00", "instant": true,
 "localDate": "2026-02-30", "localTime": "9:08", "localDateTime": "2026-02-28 09:08:07",
 "offsetDateTime": "2026-02-28T09:08:07", "zonedDateTime": "2026-02-28T09:08:07[Asia/Shanghai]", "duration": "1h",
 "period": "PT1H", "yearMonth": "2026-13", "yearMoth": "2026-01"}]"""
SAID: Final = (  # by path: what is right
    ("date", "2026-01-31 12:00:00"),
    ("calendar", "2026-01-31 12:00:00"),
    ("timestamp", "2026-01-31 12:00:00"),
    ("instant", "2026-01-31 12:00:00"),
    ("localDate", "2026-01-31"),
    ("localTime", "12:00:00"),
    ("localDateTime", "2026-01-31T12:00:00"),
    ("offsetDateTime", "2026-01-31T12:00:00+08:00"),
    ("zonedDateTime", "+08:00[Asia/Shanghai]"),
    ("duration", "PT1H30M"),
    ("period", "P1Y2M3D"),
    ("yearMonth", "2026-01"),
    ("yearMoth", "did you mean yearMonth"),
)


def unsaid(text: str) -> list[str]:
    """The fields whose path and right form do not stand in the text, one behind the other."""
    parts = {part.partition(":")[0]: part for part in text.split("$[0].")[1:]}
    return [field for field, right in SAID if right not in parts.get(field, "")]
