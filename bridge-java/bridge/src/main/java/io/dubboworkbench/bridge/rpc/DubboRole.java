package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Line;
import io.dubboworkbench.bridge.Outbox;
import io.dubboworkbench.bridge.Role;
import io.dubboworkbench.bridge.load.Artifacts;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.dubbo.common.utils.SerializeCheckStatus;
import org.apache.dubbo.common.utils.SerializeSecurityManager;
import org.apache.dubbo.rpc.model.FrameworkModel;
import org.slf4j.LoggerFactory;

/** The JVM's role when it calls Dubbo providers. */
public final class DubboRole implements Role {
    private final Preparation preparation;
    private final Executor pool;
    private final Outbox outbox;
    private volatile Thread warming;

    public DubboRole(Artifacts artifacts, Executor pool, Outbox outbox) {
        this.preparation = new Preparation(new References(artifacts));
        this.pool = pool;
        this.outbox = outbox;
    }

    /**
     * Loads what every first call needs and what hangs on nothing else, while the other side still connects. Half of it
     * is ZooKeeper's: it sets up TLS to learn its version, also for plain connections.
     */
    public DubboRole warm() {
        Thread thread = new Thread(DubboRole::load, "warm");
        thread.setDaemon(true);
        warming = thread;
        thread.start();
        return this;
    }

    private static void load() {
        LoggerFactory.getILoggerFactory(); // before others: what two threads log while it sets itself up, it complains of
        Thread zookeeper = new Thread(() -> initialize("org.apache.zookeeper.common.X509Util"), "warm-zookeeper");
        zookeeper.setDaemon(true);
        zookeeper.start();
        System.setProperty("dubbo.application.logger", "slf4j"); // else each kind of logging is tried in turn
        // over tri, answers are read by the check of the first framework, whatever framework calls (3.3.6)
        FrameworkModel.defaultModel().getBeanFactory().getBean(SerializeSecurityManager.class).setCheckStatus(SerializeCheckStatus.DISABLE);
    }

    /**
     * Two threads that load Dubbo's first classes at once may wait for each other for ever: StringUtils and JRE each
     * need the other to set themselves up (3.3.6), so no call begins before.
     */
    private void warmed() {
        Thread thread = warming;
        if (thread == null) {
            return;
        }
        try {
            thread.join();
            warming = null;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void initialize(String name) {
        try {
            Class.forName(name);
        } catch (ClassNotFoundException gone) {
            gone.printStackTrace(); // slower, and nothing worse
        }
    }

    @Override
    public int loaders() {
        return preparation.loaders();
    }

    @Override
    public Line apply(Map<String, Object> definition) {
        warmed();
        Definition what = Definition.of(definition);
        if (Boolean.TRUE.equals(definition.get("prepare"))) {
            return new PreparingLine(what, preparation, pool, outbox);
        }
        return new DubboLine(what, preparation, pool, outbox);
    }
}
