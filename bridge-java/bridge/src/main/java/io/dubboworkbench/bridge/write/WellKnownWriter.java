package io.dubboworkbench.bridge.write;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.dubboworkbench.bridge.bind.AnyTypes;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** google.protobuf's own types, whose JSON is not that of their fields. */
final class WellKnownWriter {
    private static final Pattern SNAKE = Pattern.compile("_([a-z])");

    private WellKnownWriter() {}

    /** @return false when the message is an ordinary one */
    static boolean write(Out out, Message message, FileDescriptor file) {
        Descriptor type = message.getDescriptorForType();
        if (!AnyTypes.isSpecial(type)) {
            return false;
        }
        switch (type.getName()) {
            case "Timestamp" -> Scalars.text(out, Instant.ofEpochSecond((Long) get(message, 1), (Integer) get(message, 2)).toString());
            case "Duration" -> Scalars.text(out, duration((Long) get(message, 1), (Integer) get(message, 2)));
            case "FieldMask" -> Scalars.text(out, ((List<?>) get(message, 1)).stream().map(WellKnownWriter::camel).collect(Collectors.joining(",")));
            case "Value" -> value(out, message, file);
            case "Any" -> any(out, message, file);
            default -> MessageWriter.field(out, type.findFieldByNumber(1), message, file);
        }
        return true;
    }

    private static Object get(Message message, int number) {
        return message.getField(message.getDescriptorForType().findFieldByNumber(number));
    }

    /** Like Timestamps, with 0, 3, 6 or 9 digits. */
    private static String duration(long seconds, int nanos) {
        String fraction = nanos == 0 ? "" : "." + String.format("%09d", Math.abs(nanos)).replaceAll("(?:000){1,2}$", "");
        return (seconds < 0 || nanos < 0 ? "-" : "") + Math.abs(seconds) + fraction + "s";
    }

    private static String camel(Object path) {
        return SNAKE.matcher((String) path).replaceAll(match -> match.group(1).toUpperCase(java.util.Locale.ROOT));
    }

    private static void value(Out out, Message message, FileDescriptor file) {
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            MessageWriter.field(out, field, message, file);
            return;
        }
        out.text.append("null"); // nothing is set
    }

    /** A type that the artifact does not know stays as bytes. */
    private static void any(Out out, Message message, FileDescriptor file) {
        String url = (String) get(message, 1);
        ByteString bytes = (ByteString) get(message, 2);
        Descriptor type = AnyTypes.find(file, url);
        out.text.append("{\"@type\":");
        Scalars.text(out, url);
        try {
            if (type == null) {
                out.text.append(",\"value\":");
                Scalars.text(out, Base64.getEncoder().encodeToString(bytes.toByteArray()));
            } else if (AnyTypes.isSpecial(type)) {
                out.text.append(",\"value\":");
                MessageWriter.message(out, DynamicMessage.parseFrom(type, bytes), file);
            } else {
                MessageWriter.fields(out, DynamicMessage.parseFrom(type, bytes), file);
            }
        } catch (InvalidProtocolBufferException broken) {
            throw new io.dubboworkbench.bridge.json.JsonException(out.place() + ": the bytes of this Any are no " + url);
        }
        out.text.append('}');
    }
}
