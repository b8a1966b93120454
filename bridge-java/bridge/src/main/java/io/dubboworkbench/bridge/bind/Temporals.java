package io.dubboworkbench.bridge.bind;

import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.Function;

/**
 * Times. java.time is read in ISO form (a blank may stand for the T); Date, its SQL kin and Calendar also as
 * milliseconds since 1970 or `yyyy-MM-dd[ HH:mm:ss[.fraction]]` in the current Zone.
 */
public final class Temporals {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private Temporals() {}

    static void register(Map<Class<?>, Function<Object, Object>> readers) {
        text(readers, LocalDate.class, LocalDate::parse);
        text(readers, LocalTime.class, LocalTime::parse);
        text(readers, LocalDateTime.class, text -> LocalDateTime.parse(withT(text)));
        text(readers, OffsetDateTime.class, text -> OffsetDateTime.parse(withT(text)));
        text(readers, ZonedDateTime.class, text -> ZonedDateTime.parse(withT(text)));
        text(readers, OffsetTime.class, OffsetTime::parse);
        text(readers, Duration.class, Duration::parse);
        text(readers, Period.class, Period::parse);
        text(readers, YearMonth.class, YearMonth::parse);
        text(readers, MonthDay.class, MonthDay::parse);
        text(readers, ZoneId.class, ZoneId::of);
        text(readers, ZoneOffset.class, ZoneOffset::of);
        text(readers, TimeZone.class, text -> TimeZone.getTimeZone(ZoneId.of(text)));
        readers.put(Year.class, json -> Scalars.parsed(json instanceof Long year ? year.toString() : json, Year.class, Year::parse));
        readers.put(Instant.class, json -> instant(json, Instant.class));
        readers.put(Date.class, json -> Date.from(instant(json, Date.class)));
        readers.put(Timestamp.class, json -> Timestamp.from(instant(json, Timestamp.class)));
        readers.put(java.sql.Date.class, json -> new java.sql.Date(instant(json, java.sql.Date.class).toEpochMilli()));
        readers.put(java.sql.Time.class, Temporals::sqlTime);
        readers.put(Calendar.class, Temporals::calendar);
        readers.put(GregorianCalendar.class, Temporals::calendar);
    }

    private static void text(Map<Class<?>, Function<Object, Object>> readers, Class<?> type, Function<String, Object> parser) {
        readers.put(type, json -> Scalars.parsed(json, type, parser));
    }

    private static String withT(String text) {
        return text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
    }

    private static Instant instant(Object json, Class<?> type) {
        if (json instanceof Long millis) {
            return Instant.ofEpochMilli(millis);
        }
        return (Instant) Scalars.parsed(json, type, Temporals::point);
    }

    private static Instant point(String text) {
        if (text.length() == 10) {
            return LocalDate.parse(text).atStartOfDay(Zone.current()).toInstant();
        }
        String iso = withT(text);
        try {
            return OffsetDateTime.parse(iso.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2")).toInstant();
        } catch (DateTimeException noOffset) {
            return LocalDateTime.parse(iso).atZone(Zone.current()).toInstant();
        }
    }

    private static Object sqlTime(Object json) {
        return json instanceof Long millis ? new java.sql.Time(millis) : Scalars.parsed(json, java.sql.Time.class, text ->
            new java.sql.Time(LocalTime.parse(text).atDate(LocalDate.EPOCH).atZone(Zone.current()).toInstant().toEpochMilli()));
    }

    private static Object calendar(Object json) {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone(Zone.current()));
        calendar.setTimeInMillis(instant(json, Calendar.class).toEpochMilli());
        return calendar;
    }

    /** The written form of a Date: `yyyy-MM-dd HH:mm:ss`, with a fraction where there is one. */
    public static String show(Date date) {
        if (date instanceof java.sql.Date || date instanceof java.sql.Time) {
            LocalDateTime there = LocalDateTime.ofInstant(Instant.ofEpochMilli(date.getTime()), Zone.current());
            return date instanceof java.sql.Date ? there.toLocalDate().toString() : TIME.format(there);
        }
        Instant instant = date instanceof Timestamp exact ? exact.toInstant() : Instant.ofEpochMilli(date.getTime());
        LocalDateTime local = LocalDateTime.ofInstant(instant, Zone.current());
        String text = local.toString().replace('T', ' ');
        return text.length() == 16 ? text + ":00" : text;
    }
}
