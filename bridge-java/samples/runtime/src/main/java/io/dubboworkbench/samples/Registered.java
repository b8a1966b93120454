package io.dubboworkbench.samples;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;

/** Looks into the registry itself: a provider is ready when a consumer could find it there, not when it thinks so. */
final class Registered implements AutoCloseable {
    private static final long PATIENCE_MS = 20_000;
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
        long end = System.currentTimeMillis() + PATIENCE_MS;
        while (!children(node).stream().anyMatch(child -> mentions(child, port))) {
            if (System.currentTimeMillis() > end) {
                throw new IllegalStateException("port " + port + " does not appear under " + node + " in the registry");
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
