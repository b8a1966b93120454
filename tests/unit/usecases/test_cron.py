"""Times of schedules: zones, clock changes, and what is no expression."""

from datetime import UTC, datetime

import pytest

from workbench.errors import UsageError
from workbench.model.zones import zone_of
from workbench.usecases.cron import following, upcoming


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


def told(times: list[int]) -> list[str]:
    return [datetime.fromtimestamp(each // 1_000_000, UTC).strftime("%m-%d %H:%M") for each in times]


@pytest.mark.parametrize(
    ("cron", "zone", "after", "wanted"),
    [
        ("30 2 * * *", "Asia/Shanghai", "2026-03-01T00:00:00Z", ["03-01 18:30", "03-02 18:30"]),
        ("30 2 * * *", "+08:00", "2026-03-01T00:00:00Z", ["03-01 18:30", "03-02 18:30"]),
        ("30 2 * * *", "-0330", "2026-03-01T00:00:00Z", ["03-01 06:00", "03-02 06:00"]),
        # 02:30 is left out on 2026-03-29, and comes twice on 2026-10-25
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", ["03-29 01:00", "03-30 00:30"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", ["10-25 00:30", "10-26 01:30"]),
        ("30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", ["10-25 00:30", "10-25 01:30"]),
        ("@daily", "UTC", "2026-02-28T00:00:00Z", ["03-01 00:00", "03-02 00:00"]),
        ("0 9 * * mon-fri", "UTC", "2026-03-06T10:00:00Z", ["03-09 09:00", "03-10 09:00"]),
        ("0 0 29 2 *", "UTC", "2026-03-01T00:00:00Z", ["02-29 00:00", "02-29 00:00"]),
    ],
)
def test_next_times(cron: str, zone: str, after: str, wanted: list[str]) -> None:
    assert told(upcoming(cron, zone, us(after), 2)) == wanted


def test_a_time_that_has_come_is_not_the_next_one() -> None:
    at = us("2026-03-01T02:30:00Z")
    assert told([following("30 2 * * *", "UTC", at)]) == ["03-02 02:30"]
    assert told([following("30 2 * * *", "UTC", at - 1)]) == ["03-01 02:30"]
    assert zone_of("UTC") is UTC


@pytest.mark.parametrize(
    ("cron", "zone", "message"),
    [
        ("", "UTC", "no cron expression of five fields"),
        ("* * * * * *", "UTC", "no cron expression of five fields"),
        ("61 * * * *", "UTC", "Bad minute"),
        ("0 0 30 2 *", "UTC", "Bad day-of-month"),
        ("0 0 31 2,4 *", "UTC", "Bad day-of-month"),
        (f"{'1,' * 200}1 * * * *", "UTC", "no cron expression"),
        ("0 0 * * *", "Asia/Shangai", "no time zone"),
        ("0 0 * * *", "", "no time zone"),
    ],
)
def test_what_is_no_time(cron: str, zone: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        following(cron, zone, 0)
