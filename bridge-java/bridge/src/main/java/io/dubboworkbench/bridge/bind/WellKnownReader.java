package io.dubboworkbench.bridge.bind;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** google.protobuf's own types, whose JSON is not that of their fields. */
final class WellKnownReader {
    private static final Pattern DURATION = Pattern.compile("(-?)(\\d{1,12})(?:\\.(\\d{1,9}))?s");
    private static final long MAX_DURATION_S = 315_576_000_000L;
    private final MessageReader messages;
    private final FileDescriptor file;

    /** @param file where the types that an Any may hold are looked for */
    WellKnownReader(MessageReader messages, FileDescriptor file) {
        this.messages = messages;
        this.file = file;
    }

    /** @return false when the message is an ordinary one */
    boolean read(Message.Builder builder, Object json, Place place) {
        Descriptor type = builder.getDescriptorForType();
        if (!type.getFile().getPackage().equals("google.protobuf")) {
            return false;
        }
        switch (type.getName()) {
            case "Timestamp" -> timestamp(builder, text(json, type));
            case "Duration" -> duration(builder, text(json, type));
            case "FieldMask" -> mask(builder, text(json, type));
            case "Struct" -> set(builder, 1, json, place);
            case "ListValue" -> set(builder, 1, json, place);
            case "Value" -> value(builder, json, place);
            case "Any" -> any(builder, json, place);
            case "DoubleValue", "FloatValue", "Int64Value", "UInt64Value", "Int32Value", "UInt32Value", "BoolValue", "StringValue", "BytesValue" ->
                builder.setField(type.findFieldByNumber(1), ProtoScalars.read(type.findFieldByNumber(1), json));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static String text(Object json, Descriptor type) {
        if (json instanceof String text) {
            return text;
        }
        throw new BadValue(type.getFullName() + " is written as text, not " + Show.json(json));
    }

    private static void timestamp(Message.Builder builder, String text) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() < 1 || time.getYear() > 9999) {
                throw new BadValue("a Timestamp lies in the years 1 to 9999");
            }
            numbers(builder, time.toEpochSecond(), time.getNano());
        } catch (DateTimeException wrong) {
            throw new BadValue(Show.json(text) + " is no Timestamp; write it as 2026-01-02T03:04:05.678Z");
        }
    }

    private static void duration(Message.Builder builder, String text) {
        Matcher match = DURATION.matcher(text);
        if (!match.matches() || Long.parseLong(match.group(2)) > MAX_DURATION_S) {
            throw new BadValue(Show.json(text) + " is no Duration; write it as 1.5s");
        }
        int sign = match.group(1).isEmpty() ? 1 : -1;
        String nanos = match.group(3) == null ? "" : match.group(3);
        numbers(builder, sign * Long.parseLong(match.group(2)), sign * Integer.parseInt((nanos + "000000000").substring(0, 9)));
    }

    private static void numbers(Message.Builder builder, long seconds, int nanos) {
        builder.setField(builder.getDescriptorForType().findFieldByNumber(1), seconds);
        builder.setField(builder.getDescriptorForType().findFieldByNumber(2), nanos);
    }

    private static void mask(Message.Builder builder, String text) {
        for (String path : text.isEmpty() ? new String[0] : text.split(",")) {
            String snake = path.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
            builder.addRepeatedField(builder.getDescriptorForType().findFieldByNumber(1), snake);
        }
    }

    private void value(Message.Builder builder, Object json, Place place) {
        if (json instanceof Map<?, ?> || json instanceof List<?>) {
            FieldDescriptor field = builder.getDescriptorForType().findFieldByNumber(json instanceof Map<?, ?> ? 5 : 6);
            builder.setField(field, messages.message(builder.newBuilderForField(field), json, place));
        } else {
            int number = json == null ? 1 : json instanceof String ? 3 : json instanceof Boolean ? 4 : 2;
            FieldDescriptor field = builder.getDescriptorForType().findFieldByNumber(number);
            builder.setField(field, number == 2 ? exact(json) : ProtoScalars.read(field, json));
        }
    }

    /** Numbers of a Value are doubles. */
    private static Double exact(Object json) {
        BigDecimal wanted = json instanceof BigDecimal decimal ? decimal : new BigDecimal(new BigInteger(json.toString()));
        double given = wanted.doubleValue();
        if (Double.isInfinite(given) || new BigDecimal(Double.toString(given)).compareTo(wanted) != 0) {
            throw new BadValue("google.protobuf.Value holds a double, which cannot be " + Show.json(json));
        }
        return given;
    }

    private void set(Message.Builder builder, int number, Object json, Place place) {
        messages.field(builder, builder.getDescriptorForType().findFieldByNumber(number), json, place);
    }

    private void any(Message.Builder builder, Object json, Place place) {
        if (!(json instanceof Map<?, ?> object) || !(object.get("@type") instanceof String url)) {
            throw new BadValue("google.protobuf.Any is written as an object with @type, not " + Show.json(json));
        }
        Descriptor type = AnyTypes.find(file, url);
        if (type == null) {
            throw new BadValue("@type names " + url + ", which the artifact's .proto files do not have");
        }
        Map<Object, Object> rest = new LinkedHashMap<>(object);
        rest.remove("@type");
        Object inner = AnyTypes.isSpecial(type) ? rest.get("value") : rest;
        Message message = messages.message(DynamicMessage.newBuilder(type), inner, place);
        builder.setField(builder.getDescriptorForType().findFieldByNumber(1), url);
        builder.setField(builder.getDescriptorForType().findFieldByNumber(2), message.toByteString());
    }
}
