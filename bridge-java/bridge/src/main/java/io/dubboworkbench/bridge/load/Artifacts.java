package io.dubboworkbench.bridge.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The class path of uploaded artifacts: a plain jar or folder stands as it is; out of a Spring Boot jar and a war the
 * classes and libraries are unpacked into a private folder that ends with this process.
 */
public final class Artifacts {
    private static final long MAX_BYTES = 1L << 30;
    private static final int MAX_ENTRIES = 50_000;

    private final Path scratch;
    private final AtomicInteger folders = new AtomicInteger();

    public Artifacts(Path scratch) {
        this.scratch = scratch;
    }

    /** @throws ArtifactException naming the file that cannot be read */
    public URL[] classPath(List<String> files) {
        List<URL> result = new ArrayList<>();
        for (String file : files) {
            Path path = Path.of(file);
            try {
                result.add(url(path));
                if (Files.isRegularFile(path)) {
                    unpack(path, result);
                }
            } catch (IOException unreadable) {
                throw new ArtifactException(file + ": cannot be read as an artifact: " + unreadable);
            }
        }
        return result.toArray(new URL[0]);
    }

    /** What tells one state of the files from the next. */
    public static String fingerprint(List<String> files) {
        StringBuilder key = new StringBuilder();
        for (String file : files) {
            Path path = Path.of(file);
            try {
                key.append(file).append('|').append(Files.size(path)).append('|').append(Files.getLastModifiedTime(path).toMillis()).append('\n');
            } catch (IOException missing) {
                throw new ArtifactException(file + ": no such file");
            }
        }
        return key.toString();
    }

    private void unpack(Path archive, List<URL> result) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            Path folder = null;
            long left = MAX_BYTES;
            int entries = 0;
            Enumeration<? extends ZipEntry> all = zip.entries();
            while (all.hasMoreElements() && ++entries <= MAX_ENTRIES) {
                ZipEntry entry = all.nextElement();
                String name = inner(entry.getName());
                if (name == null || entry.isDirectory()) {
                    continue;
                }
                if (folder == null) {
                    folder = Files.createDirectories(scratch.resolve("artifact-" + folders.incrementAndGet()));
                    result.add(url(Files.createDirectories(folder.resolve("classes"))));
                }
                Path target = folder.resolve(name).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("the entry " + entry.getName() + " leads out of the archive");
                }
                Files.createDirectories(target.getParent());
                left = copy(zip, entry, target, left);
                if (name.startsWith("lib/")) {
                    result.add(url(target));
                }
            }
        }
    }

    private static long copy(ZipFile zip, ZipEntry entry, Path target, long left) throws IOException {
        try (InputStream in = zip.getInputStream(entry); var out = Files.newOutputStream(target)) {
            byte[] buffer = new byte[65_536];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                left -= count;
                if (left < 0) {
                    throw new IOException("it unpacks to more than " + MAX_BYTES + " bytes");
                }
                out.write(buffer, 0, count);
            }
        }
        return left;
    }

    /** classes/… or lib/….jar for an entry of a Spring Boot jar or a war, null for all others. */
    private static String inner(String entry) {
        for (String root : new String[] {"BOOT-INF/", "WEB-INF/"}) {
            if (entry.startsWith(root + "classes/")) {
                return entry.substring(root.length());
            }
            if (entry.startsWith(root + "lib/") && entry.endsWith(".jar")) {
                return "lib/" + entry.substring(root.length() + 4).replace('/', '_');
            }
        }
        return null;
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }
}
