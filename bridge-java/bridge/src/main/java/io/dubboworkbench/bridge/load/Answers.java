package io.dubboworkbench.bridge.load;

import com.alibaba.com.caucho.hessian.io.AbstractDeserializer;
import com.alibaba.com.caucho.hessian.io.AbstractHessianInput;
import com.alibaba.com.caucho.hessian.io.ClassDeserializer;
import com.alibaba.com.caucho.hessian.io.Deserializer;
import com.alibaba.com.caucho.hessian.io.HessianProtocolException;
import com.alibaba.com.caucho.hessian.io.SerializerFactory;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.dubbo.common.serialize.hessian2.Hessian2FactoryManager;
import org.apache.dubbo.common.serialize.hessian2.Hessian2SerializerFactory;
import org.apache.dubbo.common.utils.DefaultSerializeClassChecker;
import org.apache.dubbo.rpc.model.FrameworkModel;

/**
 * Reads answers with the classes of an artifact set. An API jar seldom brings the exceptions of its libraries, such as
 * Bean Validation's: Hessian reads one as a map, which Dubbo refuses for it is no Throwable, and the tester learns
 * nothing. Here it becomes an AbsentException. Everything else is read as Hessian reads it.
 */
public final class Answers extends Hessian2SerializerFactory {
    private static final Pattern PROXIES = Pattern.compile("(?:[\\w$]+\\.)*\\$Proxy\\d+|sun\\.reflect\\.annotation\\..*");
    /** What was read as a map inside of an absent exception → the class that it is of. */
    private static final ThreadLocal<Map<Object, String>> CLASSES = ThreadLocal.withInitial(IdentityHashMap::new);
    private static final ThreadLocal<int[]> INSIDE = ThreadLocal.withInitial(() -> new int[1]);

    private Answers(ClassLoader loader, DefaultSerializeClassChecker checker) {
        super(loader, checker);
    }

    /** For the answers that are read with these classes in this framework; once is enough. */
    public static void prepare(FrameworkModel framework, ClassLoader loader) {
        Hessian2FactoryManager manager = framework.getBeanFactory().getOrRegisterBean(Hessian2FactoryManager.class);
        factories(manager).computeIfAbsent(loader, missing -> {
            Answers made = new Answers(loader, framework.getBeanFactory().getOrRegisterBean(DefaultSerializeClassChecker.class));
            made.getClassFactory().allow("org.apache.dubbo.*");
            made.addFactory(Floats.HERE);
            return made;
        });
    }

    /** Where the manager keeps them by class loader; it has no other way in. */
    @SuppressWarnings("unchecked")
    private static Map<ClassLoader, SerializerFactory> factories(Hessian2FactoryManager manager) {
        try {
            Field field = Hessian2FactoryManager.class.getDeclaredField("CL_2_SERIALIZER_FACTORY");
            field.setAccessible(true);
            return (Map<ClassLoader, SerializerFactory>) field.get(manager);
        } catch (ReflectiveOperationException anotherRelease) {
            throw new IllegalStateException("this release of Dubbo keeps its serializer factories elsewhere", anotherRelease);
        }
    }

    /** Annotations come as proxies of the provider's JVM; one of that name here would be another, and a JDK's own class is closed. */
    @Override
    public Deserializer getDeserializer(String type) throws HessianProtocolException {
        return type != null && PROXIES.matcher(type).matches() ? null : super.getDeserializer(type);
    }

    @Override
    public Deserializer getObjectDeserializer(String type) throws HessianProtocolException {
        Deserializer known = super.getObjectDeserializer(type);
        return isPresent(type) ? known : new Absent(type, known);
    }

    @Override
    public Deserializer getObjectDeserializer(String type, Class wanted) throws HessianProtocolException {
        boolean exception = wanted != null && wanted != Object.class && wanted.isAssignableFrom(AbsentException.class);
        return exception && !isPresent(type) ? new Absent(type, null) : super.getObjectDeserializer(type, wanted);
    }

    @Override
    protected Deserializer loadDeserializer(Class type) throws HessianProtocolException {
        return type == Class.class ? new Classes(getClassLoader()) : super.loadDeserializer(type);
    }

    private boolean isPresent(String type) throws HessianProtocolException {
        return type == null || type.isEmpty() || type.startsWith("[") || getDeserializer(type) != null;
    }

    /** @param maps reads what is no exception; null: it is one */
    private static final class Absent extends AbstractDeserializer {
        private final String type;
        private final Deserializer maps;

        Absent(String type, Deserializer maps) {
            this.type = type;
            this.maps = maps;
        }

        @Override
        public Class<?> getType() {
            return maps == null ? AbsentException.class : maps.getType();
        }

        @Override
        public Object[] createFields(int length) {
            return new String[length];
        }

        @Override
        public Object createField(String name) {
            return name;
        }

        @Override
        public Object readObject(AbstractHessianInput in, Object[] fields) throws IOException {
            return readObject(in, (String[]) fields);
        }

        @Override
        public Object readObject(AbstractHessianInput in, String[] names) throws IOException {
            boolean exception = maps == null || List.of(names).containsAll(Arrays.asList("detailMessage", "stackTrace"));
            return exception ? exception(in, names) : named(maps.readObject(in, (Object[]) names));
        }

        @Override
        public Object readMap(AbstractHessianInput in) throws IOException {
            return maps == null ? super.readMap(in) : maps.readMap(in);
        }

        private Object named(Object read) {
            if (INSIDE.get()[0] > 0) {
                CLASSES.get().put(read, type);
            }
            return read;
        }

        private AbsentException exception(AbstractHessianInput in, String[] names) throws IOException {
            AbsentException read = new AbsentException(type);
            in.addRef(read);
            INSIDE.get()[0]++;
            try {
                for (String name : names) {
                    read.take(name, in.readObject());
                }
                read.describe(CLASSES.get());
            } finally {
                if (--INSIDE.get()[0] == 0) {
                    CLASSES.remove();
                }
            }
            return read;
        }
    }

    /** Inside an absent exception also classes may be absent: they are null there. Elsewhere that stays an error. */
    private static final class Classes extends ClassDeserializer {
        private final ClassLoader loader;

        Classes(ClassLoader loader) {
            super(loader);
            this.loader = loader;
        }

        @Override
        public Object readObject(AbstractHessianInput in, Object[] fields) throws IOException {
            if (INSIDE.get()[0] == 0) {
                return super.readObject(in, fields);
            }
            int place = in.addRef(null);
            Class<?> found = null;
            for (Object field : fields) {
                Object value = in.readObject();
                found = "name".equals(field) ? named(String.valueOf(value)) : found;
            }
            in.setRef(place, found);
            return found;
        }

        private Class<?> named(String name) {
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException | LinkageError absent) {
                return null;
            }
        }
    }
}
