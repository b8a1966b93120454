package io.dubboworkbench.bridge.tool;

import io.dubboworkbench.bridge.Line;
import io.dubboworkbench.bridge.Outbox;
import io.dubboworkbench.bridge.Role;
import io.dubboworkbench.bridge.load.Artifacts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The JVM's role when it runs methods of tool jars: one class loader a jar set, apart from the bridge's own classes. */
public final class ToolRole implements Role {
    private final Artifacts artifacts;
    private final Executor pool;
    private final Outbox outbox;
    private final Deadlines deadlines = new Deadlines();
    private final Map<String, Library> libraries = new ConcurrentHashMap<>();

    public ToolRole(Artifacts artifacts, Executor pool, Outbox outbox) {
        this.artifacts = artifacts;
        this.pool = pool;
        this.outbox = outbox;
        Capture.install();
    }

    @Override
    public int loaders() {
        return libraries.size();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Line apply(Map<String, Object> definition) {
        return new ToolLine(
            this, (String) definition.get("tool"), (List<String>) definition.get("jars"), (String) definition.get("class"),
            (String) definition.get("method"), (List<String>) definition.get("erased"), (String) definition.getOrDefault("timezone", ""));
    }

    /** @throws io.dubboworkbench.bridge.load.ArtifactException when a jar is missing or broken */
    Library library(List<String> jars) {
        return libraries.computeIfAbsent(Artifacts.fingerprint(jars), key -> new Library(artifacts.classPath(jars)));
    }

    void run(Runnable work) {
        pool.execute(work);
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Outbox outbox() {
        return outbox;
    }
}
