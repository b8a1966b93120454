package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Line;
import io.dubboworkbench.bridge.Outbox;
import io.dubboworkbench.bridge.load.Artifacts;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The JVM's role when it calls Dubbo providers. */
public final class DubboRole implements Function<Map<String, Object>, Line> {
    private final Preparation preparation;
    private final Executor pool;
    private final Outbox outbox;

    public DubboRole(Artifacts artifacts, Executor pool, Outbox outbox) {
        this.preparation = new Preparation(new References(artifacts));
        this.pool = pool;
        this.outbox = outbox;
    }

    @Override
    public Line apply(Map<String, Object> definition) {
        return new DubboLine(Definition.of(definition), preparation, pool, outbox);
    }
}
