package io.dubboworkbench.samples;

import io.dubboworkbench.launch.Options;
import io.dubboworkbench.launch.Program;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts {@link Provider}. An answer variant may bring other classes (a renamed or missing field is a fact of the class,
 * not of its values): they lie under {@code variants/NAME/} in the provider's jar and are then loaded before all others.
 */
public final class ProviderMain {
    private ProviderMain() {}

    public static void main(String[] arguments) {
        Program.run(() -> {
            String variant = Options.parse(arguments, Provider.defaults()).text("answer-variant");
            URL classes = variant.isEmpty() ? null : ProviderMain.class.getClassLoader().getResource("variants/" + variant + "/");
            if (classes == null) {
                Provider.main(arguments);
            } else {
                startBehind(classes, arguments);
            }
        });
    }

    private static void startBehind(URL classes, String[] arguments) throws ReflectiveOperationException, MalformedURLException {
        List<URL> path = new ArrayList<>(List.of(classes));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            path.add(Path.of(entry).toUri().toURL());
        }
        ClassLoader loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass(Provider.class.getName()).getMethod("main", String[].class).invoke(null, (Object) arguments);
    }
}
