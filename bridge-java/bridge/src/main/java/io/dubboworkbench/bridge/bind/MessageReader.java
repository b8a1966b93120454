package io.dubboworkbench.bridge.bind;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Protobuf messages out of the JSON form that protobuf defines (https://protobuf.dev/programming-guides/json/): fields by
 * their JSON name or as in the .proto file, 64-bit numbers as text or number, bytes in base64, well-known types as text.
 */
final class MessageReader implements Reader {
    private final Map<Descriptor, Map<String, FieldDescriptor>> names = new ConcurrentHashMap<>();
    private final Message prototype;
    private final WellKnownReader wellKnown;

    MessageReader(Class<?> type) {
        try {
            this.prototype = (Message) type.getMethod("getDefaultInstance").invoke(null);
        } catch (ReflectiveOperationException foreign) {
            throw new BadValue("no way to make a " + type.getName() + ": " + foreign);
        }
        this.wellKnown = new WellKnownReader(this, prototype.getDescriptorForType().getFile());
    }

    @Override
    public Object read(Object json, Place place) {
        return message(prototype.newBuilderForType(), json, place);
    }

    Message message(Message.Builder builder, Object json, Place place) {
        if (!wellKnown.read(builder, json, place)) {
            fields(builder, json, place);
        }
        return builder.buildPartial();
    }

    private void fields(Message.Builder builder, Object json, Place place) {
        if (!(json instanceof Map<?, ?> object)) {
            throw new BadValue(builder.getDescriptorForType().getFullName() + " is written as an object, not " + Show.json(json));
        }
        int faults = place.problems().size();
        object.forEach((key, value) -> set(builder, (String) key, value, place));
        if (place.problems().size() == faults && !builder.isInitialized()) {
            throw new BadValue("required and missing: " + String.join(", ", builder.findInitializationErrors()));
        }
    }

    private void set(Message.Builder builder, String key, Object json, Place place) {
        FieldDescriptor field = named(builder.getDescriptorForType()).get(key);
        at(place, place.enter(key), () -> {
            if (field == null) {
                throw unknown(builder.getDescriptorForType(), key);
            }
            if (json != null || takesNull(field)) {
                field(builder, field, json, place);
            }
        });
    }

    void field(Message.Builder builder, FieldDescriptor field, Object json, Place place) {
        OneofDescriptor choice = field.getRealContainingOneof();
        if (choice != null && builder.hasOneof(choice)) {
            throw new BadValue("only one of " + choice.getName() + " can be set, and " + builder.getOneofFieldDescriptor(choice).getJsonName() + " is");
        }
        if (field.isMapField()) {
            map(builder, field, json, place);
        } else if (field.isRepeated()) {
            list(builder, field, json, place);
        } else {
            builder.setField(field, one(builder, field, json, place));
        }
    }

    private void list(Message.Builder builder, FieldDescriptor field, Object json, Place place) {
        if (!(json instanceof List<?> items)) {
            throw new BadValue("it is repeated, and so written as an array, not " + Show.json(json));
        }
        for (int i = 0; i < items.size(); i++) {
            Object item = items.get(i);
            at(place, place.enter(i), () -> builder.addRepeatedField(field, one(builder, field, item, place)));
        }
    }

    private void map(Message.Builder builder, FieldDescriptor field, Object json, Place place) {
        if (!(json instanceof Map<?, ?> object)) {
            throw new BadValue("it is a map, and so written as an object, not " + Show.json(json));
        }
        object.forEach((key, item) -> at(place, place.enter((String) key), () -> {
            Message.Builder entry = builder.newBuilderForField(field);
            FieldDescriptor value = entry.getDescriptorForType().findFieldByNumber(2);
            entry.setField(entry.getDescriptorForType().findFieldByNumber(1), ProtoScalars.read(entry.getDescriptorForType().findFieldByNumber(1), key));
            entry.setField(value, one(entry, value, item, place));
            builder.addRepeatedField(field, entry.buildPartial());
        }));
    }

    private Object one(Message.Builder builder, FieldDescriptor field, Object json, Place place) {
        if (json == null && !takesNull(field)) {
            throw new BadValue("null cannot stand here");
        }
        return field.getJavaType() == JavaType.MESSAGE
            ? message(builder.newBuilderForField(field), json, place) : ProtoScalars.read(field, json);
    }

    /** A JSON null is a value for these only; for all others it means that nothing is set. */
    private static boolean takesNull(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName().equals("google.protobuf.Value");
            case ENUM -> field.getEnumType().getFullName().equals("google.protobuf.NullValue");
            default -> false;
        };
    }

    /** What is wrong inside becomes a problem there, and reading goes on behind it. */
    private static void at(Place place, int entered, Runnable read) {
        try {
            read.run();
        } catch (BadValue bad) {
            place.problem(bad.getMessage());
        } finally {
            place.leave(entered);
        }
    }

    private static BadValue unknown(Descriptor type, String key) {
        List<String> there = new ArrayList<>(type.getFields().stream().map(FieldDescriptor::getJsonName).toList());
        String near = Near.name(key, there);
        return new BadValue(type.getFullName() + " has no field " + key + (near != null ? "; did you mean " + near + "?" : "; it has " + String.join(", ", there)));
    }

    private Map<String, FieldDescriptor> named(Descriptor type) {
        return names.computeIfAbsent(type, missing -> {
            Map<String, FieldDescriptor> all = new HashMap<>();
            type.getFields().forEach(field -> all.put(field.getName(), field));
            type.getFields().forEach(field -> all.put(field.getJsonName(), field));
            return all;
        });
    }
}
