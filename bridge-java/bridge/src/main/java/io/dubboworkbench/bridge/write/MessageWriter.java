package io.dubboworkbench.bridge.write;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.List;

/**
 * Protobuf messages as protobuf's JSON has them: 64-bit numbers as text, enums by name, bytes in base64. Fields that
 * cannot be told from unset ones are always written, so that the form of an answer does not depend on its values; an
 * unset message, oneof or optional field is left out.
 */
final class MessageWriter implements Writer {
    @Override
    public void write(Out out, Object value) {
        Message message = (Message) value;
        message(out, message, message.getDescriptorForType().getFile());
    }

    /** @param file where the types of an Any are looked for */
    static void message(Out out, Message message, FileDescriptor file) {
        if (!out.open(message)) {
            return;
        }
        if (!WellKnownWriter.write(out, message, file)) {
            out.text.append('{');
            fields(out, message, file);
            out.text.append('}');
        }
        out.close();
    }

    static void fields(Out out, Message message, FileDescriptor file) {
        boolean first = out.text.charAt(out.text.length() - 1) == '{';
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.hasPresence() && !message.hasField(field)) {
                continue;
            }
            out.text.append(first ? "" : ",");
            first = false;
            int entered = out.enter(field.getJsonName());
            Scalars.text(out, field.getJsonName());
            out.text.append(':');
            field(out, field, message, file);
            out.leave(entered);
        }
    }

    static void field(Out out, FieldDescriptor field, Message message, FileDescriptor file) {
        if (field.isMapField()) {
            map(out, field, (List<?>) message.getField(field), file);
        } else if (field.isRepeated()) {
            list(out, field, (List<?>) message.getField(field), file);
        } else {
            one(out, field, message.getField(field), file);
        }
    }

    private static void list(Out out, FieldDescriptor field, List<?> items, FileDescriptor file) {
        out.text.append('[');
        for (int i = 0; i < items.size(); i++) {
            out.text.append(i == 0 ? "" : ",");
            int entered = out.enter(i);
            one(out, field, items.get(i), file);
            out.leave(entered);
        }
        out.text.append(']');
    }

    private static void map(Out out, FieldDescriptor field, List<?> entries, FileDescriptor file) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        char before = '{';
        for (Object entry : entries) {
            String name = key(key, ((Message) entry).getField(key));
            out.text.append(before);
            before = ',';
            int entered = out.enter(name);
            Scalars.text(out, name);
            out.text.append(':');
            one(out, value, ((Message) entry).getField(value), file);
            out.leave(entered);
        }
        out.text.append(before == '{' ? "{}" : "}");
    }

    private static String key(FieldDescriptor field, Object key) {
        return field.getJavaType() == JavaType.INT || field.getJavaType() == JavaType.LONG ? whole(field, key) : key.toString();
    }

    private static void one(Out out, FieldDescriptor field, Object value, FileDescriptor file) {
        switch (field.getJavaType()) {
            case MESSAGE -> message(out, (Message) value, file);
            case INT -> out.text.append(whole(field, value));
            case LONG -> out.text.append('"').append(whole(field, value)).append('"');
            case BYTE_STRING -> Scalars.text(out, Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case ENUM -> constant(out, (EnumValueDescriptor) value);
            default -> Scalars.of(value.getClass()).write(out, value);
        }
    }

    private static String whole(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
            case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
            default -> value.toString();
        };
    }

    /** One that the artifact does not know has no index, and is written as its number. */
    private static void constant(Out out, EnumValueDescriptor value) {
        if (value.getType().getFullName().equals("google.protobuf.NullValue")) {
            out.text.append("null");
        } else if (value.getIndex() < 0) {
            out.text.append(value.getNumber());
        } else {
            Scalars.text(out, value.getName());
        }
    }
}
