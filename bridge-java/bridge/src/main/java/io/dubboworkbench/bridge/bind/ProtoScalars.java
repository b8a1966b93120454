package io.dubboworkbench.bridge.bind;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigInteger;
import java.util.List;

/** Protobuf's scalars out of JSON, never with a loss. */
final class ProtoScalars {
    private static final long MAX_UINT32 = 0xFFFF_FFFFL;
    private static final BigInteger MAX_UINT64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private ProtoScalars() {}

    static Object read(FieldDescriptor field, Object json) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> Scalars.reader(int.class).apply(json);
            case INT64, SINT64, SFIXED64 -> Scalars.reader(long.class).apply(json);
            case UINT32, FIXED32 -> unsigned(json, BigInteger.valueOf(MAX_UINT32), "uint32").intValue();
            case UINT64, FIXED64 -> unsigned(json, MAX_UINT64, "uint64").longValue();
            case FLOAT -> Scalars.reader(float.class).apply(json);
            case DOUBLE -> Scalars.reader(double.class).apply(json);
            case BOOL -> Scalars.reader(boolean.class).apply(json);
            case STRING -> Scalars.reader(String.class).apply(json);
            case BYTES -> bytes(json);
            case ENUM -> constant(field.getEnumType(), json);
            default -> throw new BadValue("groups cannot be written");
        };
    }

    private static BigInteger unsigned(Object json, BigInteger highest, String type) {
        BigInteger value = (BigInteger) Scalars.reader(BigInteger.class).apply(json);
        if (value.signum() < 0 || value.compareTo(highest) > 0) {
            throw new BadValue(type + " holds 0 to " + highest + ", not " + Show.json(json));
        }
        return value;
    }

    /** Both alphabets of base64 are right in protobuf's JSON. */
    private static ByteString bytes(Object json) {
        if (!(json instanceof String text)) {
            throw new BadValue("bytes are written in base64, not " + Show.json(json));
        }
        return ByteString.copyFrom(Scalars.base64(text.replace('-', '+').replace('_', '/')));
    }

    private static EnumValueDescriptor constant(EnumDescriptor type, Object json) {
        if (json == null) {
            return type.findValueByNumber(0); // NullValue's only one
        }
        if (json instanceof Long number && number == number.intValue()) {
            EnumValueDescriptor known = type.isClosed() ? type.findValueByNumber(number.intValue()) : type.findValueByNumberCreatingIfUnknown(number.intValue());
            if (known != null) {
                return known;
            }
        }
        EnumValueDescriptor named = json instanceof String name ? type.findValueByName(name) : null;
        if (named == null) {
            List<String> all = type.getValues().stream().map(EnumValueDescriptor::getName).toList();
            throw new BadValue(type.getFullName() + " has no constant " + Show.json(json) + "; it has " + String.join(", ", all));
        }
        return named;
    }
}
