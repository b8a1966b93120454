package com.example.zoo;

import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.TimeZone;

/** Dates and times. */
public interface TimeFacade extends Observed {
    Date date(Date value);

    Calendar calendar(Calendar value);

    Timestamp timestamp(Timestamp value);

    java.sql.Date sqlDate(java.sql.Date value);

    java.sql.Time sqlTime(java.sql.Time value);

    Instant instant(Instant value);

    LocalDate localDate(LocalDate value);

    LocalTime localTime(LocalTime value);

    LocalDateTime localDateTime(LocalDateTime value);

    OffsetDateTime offsetDateTime(OffsetDateTime value);

    OffsetTime offsetTime(OffsetTime value);

    ZonedDateTime zonedDateTime(ZonedDateTime value);

    Duration duration(Duration value);

    Period period(Period value);

    Year year(Year value);

    YearMonth yearMonth(YearMonth value);

    MonthDay monthDay(MonthDay value);

    DayOfWeek dayOfWeek(DayOfWeek value);

    Month month(Month value);

    ZoneId zoneId(ZoneId value);

    ZoneOffset zoneOffset(ZoneOffset value);

    TimeZone timeZone(TimeZone value);

    AllTimes all(AllTimes value);
}
