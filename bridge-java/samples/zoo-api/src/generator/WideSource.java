import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the source of com.example.zoo.Wide: a class with 2,000 fields. Run by the build as a single-file program. */
public final class WideSource {
    private static final int FIELDS = 2_000;
    private static final String[] TYPES = {"int", "Long", "String", "java.math.BigDecimal"};

    private WideSource() {}

    public static void main(String[] arguments) throws IOException {
        StringBuilder source = new StringBuilder("package com.example.zoo;\n\n/** Very wide. */\npublic class Wide implements java.io.Serializable {\n");
        source.append("    private static final long serialVersionUID = 1L;\n");
        for (int i = 0; i < FIELDS; i++) {
            source.append("    public ").append(TYPES[i % TYPES.length]).append(" f").append(i).append(";\n");
        }
        Path file = Path.of(arguments[0], "com", "example", "zoo", "Wide.java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source.append("}\n"));
    }
}
