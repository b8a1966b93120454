import com.alibaba.com.caucho.hessian.io.Hessian2Input;
import com.alibaba.com.caucho.hessian.io.Hessian2Output;
import com.alibaba.com.caucho.hessian.io.SerializerFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Writes what `Box.make()` gives with one build of the classes and reads it with another; prints CASE TAB outcome. */
public final class Wire {
    public static void main(String[] args) throws Exception {
        URLClassLoader sender = loader(args[0]);
        URLClassLoader receiver = loader(args[1]);
        for (int at = 2; at < args.length; at++) {
            System.out.println(args[at] + "\t" + outcome(sender, receiver, args[at]));
        }
    }

    private static URLClassLoader loader(String folder) throws Exception {
        return new URLClassLoader(new URL[] {Path.of(folder).toUri().toURL()}, Wire.class.getClassLoader());
    }

    private static String outcome(ClassLoader sender, ClassLoader receiver, String name) throws Exception {
        try {
            Object sent = Class.forName(name + ".Box", true, sender).getMethod("make").invoke(null);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Hessian2Output out = new Hessian2Output(bytes);
            out.setSerializerFactory(new SerializerFactory(sender));
            out.writeObject(sent);
            out.flush();
            Thread.currentThread().setContextClassLoader(receiver);
            Class<?> box = Class.forName(name + ".Box", true, receiver);
            Hessian2Input in = new Hessian2Input(new ByteArrayInputStream(bytes.toByteArray()));
            in.setSerializerFactory(new SerializerFactory(receiver));
            return String.valueOf(box.getMethod("show", Object.class).invoke(null, in.readObject(box)));
        } catch (InvocationTargetException thrown) {
            return "error " + thrown.getCause().getClass().getSimpleName();
        } catch (Exception failure) {
            return "error " + failure.getClass().getSimpleName();
        }
    }
}
