package io.dubboworkbench.bridge.load;

import com.alibaba.com.caucho.hessian.io.AbstractHessianInput;
import com.alibaba.com.caucho.hessian.io.AbstractSerializerFactory;
import com.alibaba.com.caucho.hessian.io.Deserializer;
import com.alibaba.com.caucho.hessian.io.FieldDeserializer2;
import com.alibaba.com.caucho.hessian.io.FieldDeserializer2Factory;
import com.alibaba.com.caucho.hessian.io.Serializer;
import com.alibaba.com.caucho.hessian.io.UnsafeDeserializer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;

/**
 * Reads `float` fields as they were sent. Hessian-lite 4.0.4 writes eight bytes into the four of such a field, so that
 * 0.1 becomes -1.0842022E-19 and the field next to it changes as well. Only classes that have one are read in this way.
 */
public final class Floats extends AbstractSerializerFactory {
    static final Floats HERE = new Floats();

    private Floats() {}

    /** Whether a class or one of its superclasses has such a field. */
    public static boolean in(Class<?> type) {
        for (Class<?> at = type; at != null && at != Object.class && !at.getName().startsWith("java."); at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (sent(field)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean sent(Field field) {
        return field.getType() == float.class && !Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers());
    }

    @Override
    public Serializer getSerializer(Class type) {
        return null; // as ever
    }

    /** Records and enums are not read through their fields. */
    @Override
    public Deserializer getDeserializer(Class type) {
        return type.isRecord() || type.isEnum() || type.isInterface() || type.isArray() || !in(type) ? null : new Reader(type);
    }

    private static final class Reader extends UnsafeDeserializer {
        Reader(Class<?> type) {
            super(type, FieldDeserializer2Factory.create());
        }

        @Override
        protected HashMap<String, FieldDeserializer2> getFieldMap(Class<?> type, FieldDeserializer2Factory factory) {
            HashMap<String, FieldDeserializer2> fields = super.getFieldMap(type, factory);
            HashMap<String, Boolean> seen = new HashMap<>(); // of two with one name the subclass's counts
            for (Class<?> at = type; at != null; at = at.getSuperclass()) {
                for (Field field : at.getDeclaredFields()) {
                    boolean sendable = !Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers());
                    if (sendable && seen.put(field.getName(), true) == null && sent(field)) {
                        field.setAccessible(true);
                        fields.put(field.getName(), (in, object) -> read(field, in, object));
                    }
                }
            }
            return fields;
        }

        private static void read(Field field, AbstractHessianInput in, Object object) throws IOException {
            try {
                field.setFloat(object, (float) in.readDouble());
            } catch (IllegalAccessException impossible) {
                throw new IOException(impossible);
            }
        }
    }
}
