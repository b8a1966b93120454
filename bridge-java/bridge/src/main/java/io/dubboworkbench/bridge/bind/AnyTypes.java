package io.dubboworkbench.bridge.bind;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.HashSet;
import java.util.Set;

/** The message types that an Any may hold: those of the .proto file of the service's message and of all that it imports. */
public final class AnyTypes {
    private static final Set<String> SPECIAL = Set.of(
        "Timestamp", "Duration", "FieldMask", "Struct", "ListValue", "Value", "Any", "DoubleValue", "FloatValue", "Int64Value", "UInt64Value",
        "Int32Value", "UInt32Value", "BoolValue", "StringValue", "BytesValue");

    private AnyTypes() {}

    /** The type that `type.googleapis.com/full.Name` names, or null. */
    public static Descriptor find(FileDescriptor file, String url) {
        return find(file, url.substring(url.lastIndexOf('/') + 1), new HashSet<>());
    }

    /** Whether its JSON is not that of its fields, so that an Any writes it under "value". */
    public static boolean isSpecial(Descriptor type) {
        return type.getFile().getPackage().equals("google.protobuf") && SPECIAL.contains(type.getName());
    }

    private static Descriptor find(FileDescriptor file, String name, Set<String> seen) {
        if (!seen.add(file.getFullName())) {
            return null;
        }
        String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
        Descriptor found = name.startsWith(prefix) ? nested(file, name.substring(prefix.length())) : null;
        for (FileDescriptor imported : file.getDependencies()) {
            found = found != null ? found : find(imported, name, seen);
        }
        return found;
    }

    private static Descriptor nested(FileDescriptor file, String name) {
        String[] parts = name.split("\\.");
        Descriptor at = file.findMessageTypeByName(parts[0]);
        for (int i = 1; i < parts.length && at != null; i++) {
            at = at.findNestedTypeByName(parts[i]);
        }
        return at;
    }
}
