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
        readers.put(Year.class, json -> Scalars.parsed(json instanceof Long year ? year.toString() : json, Year.class, Temporals::year));
        readers.put(Instant.class, json -> instant(json, Instant.class));
        readers.put(Date.class, json -> Date.from(millis(json, Date.class)));
        readers.put(Timestamp.class, json -> Timestamp.from(instant(json, Timestamp.class)));
        readers.put(java.sql.Date.class, json -> new java.sql.Date(millis(json, java.sql.Date.class).toEpochMilli()));
        readers.put(java.sql.Time.class, Temporals::sqlTime);
        readers.put(Calendar.class, Temporals::calendar);
        readers.put(GregorianCalendar.class, Temporals::calendar);
    }

    private static void text(Map<Class<?>, Function<Object, Object>> readers, Class<?> type, Function<String, Object> parser) {
        readers.put(type, json -> Scalars.parsed(json, type, parser));
    }

    private static Year year(String text) {
        try {
            return Year.of(Integer.parseInt(text));
        } catch (NumberFormatException none) {
            throw new DateTimeException("no year: " + text, none);
        }
    }

    private static String withT(String text) {
        return text.replaceFirst("(?<=\\d) (?=\\d)", "T");
    }

    private static Instant instant(Object json, Class<?> type) {
        if (json instanceof Long millis) {
            return Instant.ofEpochMilli(millis);
        }
        return (Instant) Scalars.parsed(json, type, Temporals::point);
    }

    private static Instant point(String text) {
        if (text.indexOf(':') < 0) {
            return LocalDate.parse(text).atStartOfDay(Zone.current()).toInstant();
        }
        String iso = withT(text);
        try {
            return OffsetDateTime.parse(iso.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2")).toInstant();
        } catch (DateTimeException noOffset) {
            return there(LocalDateTime.parse(iso));
        }
    }

    /** Java would take another time where clocks are put forward. Of a time that comes twice it is the first. */
    private static Instant there(LocalDateTime local) {
        Instant instant = local.atZone(Zone.current()).toInstant();
        if (!LocalDateTime.ofInstant(instant, Zone.current()).equals(local)) {
            throw new BadValue(local + " does not exist in " + Zone.current() + ", where clocks are put forward; write an offset");
        }
        return instant;
    }

    private static Instant millis(Object json, Class<?> type) {
        Instant instant = instant(json, type);
        if (instant.getNano() % 1_000_000 != 0) {
            throw new BadValue(json + " would lose digits as " + type.getName() + ", which holds milliseconds");
        }
        return instant;
    }

    private static Object sqlTime(Object json) {
        return json instanceof Long millis ? new java.sql.Time(millis) : Scalars.parsed(json, java.sql.Time.class, text ->
            new java.sql.Time(there(milliseconds(LocalTime.parse(text)).atDate(LocalDate.EPOCH)).toEpochMilli()));
    }

    private static LocalTime milliseconds(LocalTime time) {
        if (time.getNano() % 1_000_000 != 0) {
            throw new BadValue(time + " would lose digits as java.sql.Time, which holds milliseconds");
        }
        return time;
    }

    private static Object calendar(Object json) {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone(Zone.current()));
        calendar.setTimeInMillis(millis(json, Calendar.class).toEpochMilli());
        return calendar;
    }

    /** The written form of a Date: `yyyy-MM-dd HH:mm:ss`, with a fraction where there is one. */
    public static String show(Date date) {
        if (date instanceof java.sql.Date || date instanceof java.sql.Time) {
            LocalDateTime there = LocalDateTime.ofInstant(Instant.ofEpochMilli(date.getTime()), Zone.current());
            return date instanceof java.sql.Date ? there.toLocalDate().toString() : TIME.format(there) + fraction(there);
        }
        Instant instant = date instanceof Timestamp exact ? exact.toInstant() : Instant.ofEpochMilli(date.getTime());
        LocalDateTime local = LocalDateTime.ofInstant(instant, Zone.current());
        String text = local.toString().replace('T', ' ');
        return (text.length() == 16 ? text + ":00" : text) + second(local, instant);
    }

    private static String fraction(LocalDateTime time) {
        return time.getNano() == 0 ? "" : String.format(".%03d", time.getNano() / 1_000_000);
    }

    /** The offset of the second time that a clock showed this; the first is meant where none stands. */
    private static String second(LocalDateTime local, Instant instant) {
        ZoneOffset offset = Zone.current().getRules().getOffset(instant);
        return local.atZone(Zone.current()).getOffset().equals(offset) ? "" : offset.toString();
    }
}
