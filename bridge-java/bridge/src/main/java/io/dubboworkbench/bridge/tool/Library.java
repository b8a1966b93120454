package io.dubboworkbench.bridge.tool;

import io.dubboworkbench.bridge.bind.Binder;
import io.dubboworkbench.bridge.write.Thrown;
import io.dubboworkbench.bridge.write.Writers;
import java.net.URL;
import java.net.URLClassLoader;

/** The classes of one set of tool jars. They see the JDK and each other, nothing of the bridge. */
final class Library {
    final ClassLoader loader;
    final Binder binder;
    final Writers writers = new Writers();
    final Thrown thrown = new Thrown(writers);

    Library(URL[] classPath) {
        this.loader = new URLClassLoader("tool", classPath, ClassLoader.getPlatformClassLoader());
        this.binder = new Binder(loader);
    }
}
