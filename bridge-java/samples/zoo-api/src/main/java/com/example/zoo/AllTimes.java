package com.example.zoo;

import java.io.Serializable;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;

/** Dates and times as fields. */
public class AllTimes implements Serializable {
    private static final long serialVersionUID = 1L;

    public Date date;
    public Calendar calendar;
    public Timestamp timestamp;
    public Instant instant;
    public LocalDate localDate;
    public LocalTime localTime;
    public LocalDateTime localDateTime;
    public OffsetDateTime offsetDateTime;
    public ZonedDateTime zonedDateTime;
    public Duration duration;
    public Period period;
    public YearMonth yearMonth;
}
