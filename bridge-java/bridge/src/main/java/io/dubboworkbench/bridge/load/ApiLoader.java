package io.dubboworkbench.bridge.load;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;

/**
 * The classes of one artifact set. Its own come first, so that a fat jar's libraries cannot clash with the bridge's;
 * only Dubbo, Hessian and protobuf are the bridge's, for their objects travel between both.
 */
public final class ApiLoader extends URLClassLoader {
    private static final String[] SHARED = {"java.", "org.apache.dubbo.", "com.alibaba.dubbo.", "com.alibaba.com.caucho.", "com.google.protobuf."};

    static {
        registerAsParallelCapable();
    }

    public ApiLoader(URL[] urls, ClassLoader parent) {
        super("artifacts", urls, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        for (String prefix : SHARED) {
            if (name.startsWith(prefix)) {
                return super.loadClass(name, resolve);
            }
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : own(name, resolve);
        }
    }

    private Class<?> own(String name, boolean resolve) throws ClassNotFoundException {
        try {
            return findClass(name);
        } catch (ClassNotFoundException notHere) {
            return super.loadClass(name, resolve);
        }
    }

    /** A fat jar's Dubbo of another release must not announce its extensions to ours. */
    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        boolean extension = name.startsWith("META-INF/dubbo/") || name.startsWith("META-INF/services/org.apache.dubbo");
        return extension ? getParent().getResources(name) : super.getResources(name);
    }
}
