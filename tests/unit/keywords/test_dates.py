"""Date patterns and arithmetic."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_keywords._dates import KNOWN, pattern, recognised, zone_of
from workbench_keywords.times import addTime, dateDiff, formatDate, now_, parseDate, timestamp, today

from workbench.errors import KeywordError

MOMENT = datetime(2026, 3, 1, 15, 4, 5, 67_890, tzinfo=timezone(timedelta(hours=8), "CST"))


def after_1970(seconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("yyyy-MM-dd HH:mm:ss", "2026-03-01 15:04:05"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-03-01T15:04:05.067+08:00"),
        ("yyMMdd", "260301"),
        ("d.M.yyyy H:m:s", "1.3.2026 15:4:5"),
        ("hh:mm a", "03:04 PM"),
        ("EEE, dd MMM yyyy HH:mm:ss Z", "Sun, 01 Mar 2026 15:04:05 +0800"),
        ("EEEE MMMM", "Sunday March"),
        ("'at' HH 'o''clock'", "at 15 o'clock"),
        ("yyyy年MM月dd日", "2026年03月01日"),
        ("SSSSSSSSS", "067890000"),
        ("z", "CST"),
        ("''", "'"),
    ],
)
def test_patterns_write_as_java_does(form: str, text: str) -> None:
    assert pattern(form).write(MOMENT) == text


def test_zulu() -> None:
    assert pattern("XXX X Z").write(MOMENT.astimezone(UTC)) == "Z Z +0000"


@given(st.integers(-30_000_000_000, 250_000_000_000).map(after_1970), st.sampled_from(KNOWN))
def test_what_is_written_is_read_again(moment: datetime, form: str) -> None:
    text = pattern(form).write(moment)
    assert pattern(form).write(pattern(form).read(text, UTC)) == text
    assert recognised(text, UTC)[1].text == form or form == "HH:mm:ss"


@pytest.mark.parametrize("form", ["yyyy-QQ", "YYYY", "b"])
def test_letters_that_mean_nothing_are_refused(form: str) -> None:
    with pytest.raises(KeywordError, match="means nothing"):
        pattern(form)


def test_texts_of_another_form_are_refused() -> None:
    with pytest.raises(KeywordError, match=r"has not the form dd\.MM\.yyyy"):
        parseDate("2026-03-01", "dd.MM.yyyy")
    with pytest.raises(KeywordError, match="not a date in a known form"):
        parseDate("yesterday")
    with pytest.raises(KeywordError, match="day"):
        parseDate("30.02.2026", "dd.MM.yyyy")


def test_zones_decide_what_a_text_means() -> None:
    assert parseDate("2026-03-01 08:00:00", zone="Asia/Shanghai") == parseDate("2026-03-01 00:00:00", zone="UTC")
    assert parseDate("2026-03-01T00:00:00Z", zone="Asia/Shanghai") == parseDate("2026-03-01", zone="UTC")
    assert formatDate(0, zone="+05:30") == "1970-01-01 05:30:00"
    with pytest.raises(KeywordError, match="no time zone 'Mars/Base'"):
        zone_of("Mars/Base")


def test_summer_time_counts_for_hours_and_not_for_days() -> None:
    before = "2026-03-28 12:00:00"  # the clocks of Berlin go forward in the night after it
    assert addTime(before, 24, "hours", zone="Europe/Berlin") == "2026-03-29 13:00:00"
    assert addTime(before, 1, "days", zone="Europe/Berlin") == "2026-03-29 12:00:00"


@pytest.mark.parametrize(
    ("value", "amount", "unit", "wanted"),
    [
        ("2024-02-29", 1, "years", "2025-02-28"),
        ("2026-03-31", -1, "month", "2026-02-28"),
        ("2026-01-15", 13, "months", "2027-02-15"),
        ("2026/03/01", 2, "weeks", "2026/03/15"),
        ("20260301235959", 1, "s", "20260302000000"),
        ("2026-03-01 00:00:00.999", 1, "ms", "2026-03-01 00:00:01.000"),
        ("2026-03-01T00:00:00+02:00", 90, "minutes", "2026-03-01T01:30:00+02:00"),
        (1000, 1, "d", 86_401_000),
    ],
)
def test_adding_time(value: str | int, amount: int, unit: str, wanted: str | int) -> None:
    assert addTime(value, amount, unit, zone="UTC") == wanted


def test_times_that_do_not_exist() -> None:
    with pytest.raises(KeywordError, match="unknown unit 'fortnight'"):
        addTime("2026-03-01", 1, "fortnight")
    with pytest.raises(KeywordError, match="between the years 1 and 9999"):
        addTime("2026-03-01", 9000, "years", zone="UTC")
    with pytest.raises(KeywordError, match="beyond the year 9999"):
        formatDate(10**18)
    with pytest.raises(KeywordError, match="not equally long"):
        dateDiff("2026-01-01", "2026-03-01", "months")
    with pytest.raises(KeywordError, match="unit is ms or s"):
        timestamp("h")


@given(st.integers(0, 4_000_000_000).map(after_1970), st.integers(0, 4_000_000_000).map(after_1970))
def test_a_difference_is_what_adding_needs(start: datetime, end: datetime) -> None:
    form = "yyyy-MM-dd HH:mm:ss"
    first, last = (pattern(form).write(moment) for moment in (start, end))
    assert addTime(first, dateDiff(first, last, zone="UTC"), "seconds", zone="UTC") == last
    assert dateDiff(first, last, "hours", zone="UTC") == -dateDiff(last, first, "hours", zone="UTC")


def test_now_is_now() -> None:
    """Between a look at the clock before and one after, however long the machine takes and whatever day begins."""
    before = datetime.now(UTC)
    made = timestamp(), parseDate(now_(zone="Asia/Tokyo"), zone="Asia/Tokyo"), timestamp("s") * 1000
    day = today(zone="UTC")
    after = datetime.now(UTC)
    first, last = int(before.timestamp()) * 1000, int(after.timestamp() * 1000)
    assert all(first <= each <= last for each in made), (first, made, last)
    assert day in {each.strftime("%Y-%m-%d") for each in (before, after)}
