package io.dubboworkbench.bridge.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Where a class that the artifacts have not may be: in a dependency that the pom inside of one of them names. */
public final class Poms {
    private static final int SHOWN = 5;
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern POM = Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.xml");
    private static final Pattern NOT_OURS = Pattern.compile("(?s)<!--.*?-->|<(dependencyManagement|build|profiles|exclusions)>.*?</\\1>");
    private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>(.*?)</dependency>");

    private Poms() {}

    /** @param parts leading parts of group and package that are the same */
    private record Candidate(String coordinates, String file, int parts) {}

    /** What to do about a class that is missing. */
    public static String hint(List<String> artifacts, String className) {
        List<Candidate> all = new ArrayList<>();
        for (String artifact : artifacts) {
            try (ZipFile zip = new ZipFile(artifact)) {
                for (ZipEntry entry : zip.stream().filter(each -> POM.matcher(each.getName()).matches()).toList()) {
                    String text = new String(zip.getInputStream(entry).readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                    add(all, text, Path.of(artifact).getFileName().toString(), className);
                }
            } catch (IOException unreadable) {
                continue; // what reads its classes tells
            }
        }
        all.sort(Comparator.comparingInt(Candidate::parts).reversed());
        int best = all.isEmpty() ? 0 : all.get(0).parts();
        List<Candidate> likely = all.stream().filter(each -> each.parts() == best).limit(SHOWN).toList();
        if (likely.isEmpty()) {
            return "add the jar that holds it";
        }
        String names = String.join(" or ", likely.stream().map(Candidate::coordinates).distinct().toList());
        return "add the jar that holds it: " + names + ", which the pom in " + likely.get(0).file() + " names";
    }

    private static void add(List<Candidate> all, String pom, String file, String className) {
        Matcher dependency = DEPENDENCY.matcher(NOT_OURS.matcher(pom).replaceAll(""));
        while (dependency.find()) {
            String group = value(dependency.group(1), "groupId");
            String version = value(dependency.group(1), "version");
            if (!value(dependency.group(1), "scope").equals("test")) {
                all.add(new Candidate(group + ":" + value(dependency.group(1), "artifactId") + (version.isEmpty() ? "" : ":" + version), file, common(group, className)));
            }
        }
    }

    private static int common(String group, String className) {
        String[] left = group.split("\\.");
        String[] right = className.split("\\.");
        int parts = 0;
        while (parts < Math.min(left.length, right.length) && left[parts].equals(right[parts])) {
            parts++;
        }
        return parts;
    }

    private static String value(String text, String tag) {
        Matcher found = Pattern.compile("<" + tag + ">\\s*([^<]*?)\\s*</" + tag + ">").matcher(text);
        return found.find() ? found.group(1) : "";
    }
}
