package io.dubboworkbench.samples;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;

/** Looks into the registry itself: a provider is ready when a consumer could find it there, not when it thinks so. */
final class Registered implements AutoCloseable {
    private static final long PATIENCE_MS = 60_000;
    private static final long LOOK_EVERY_MS = 50;

    private final CuratorFramework registry;

    Registered(RegistryAddress address) {
        registry = CuratorFrameworkFactory.newClient(address.servers(), new RetryOneTime(100));
        registry.start();
    }

    /**
     * Waits until a child of the node speaks of the port.
     *
     * @throws IllegalStateException if that does not happen in time
     */
    void await(String node, int port) throws Exception {
        await(() -> children(node).stream().anyMatch(child -> mentions(child, port)), "port " + port + " does not appear under " + node);
    }

    /**
     * Waits until the node is there.
     *
     * @throws IllegalStateException if that does not happen in time
     */
    void await(String node) throws Exception {
        await(() -> registry.checkExists().forPath(node) != null, node + " does not appear");
    }

    private static void await(Callable<Boolean> there, String otherwise) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (!there.call()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(otherwise + " in the registry");
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    private List<String> children(String node) throws Exception {
        try {
            return registry.getChildren().forPath(node);
        } catch (KeeperException.NoNodeException notYet) {
            return List.of();
        }
    }

    private static boolean mentions(String child, int port) {
        String text = URLDecoder.decode(child, StandardCharsets.UTF_8);
        return text.endsWith(":" + port) || text.contains(":" + port + "/");
    }

    @Override
    public void close() {
        registry.close();
    }
}
