package io.dubboworkbench.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** One ZooKeeper server on the IPv4 loopback address, without admin server, quorum or system service. */
public final class EmbeddedRegistry implements AutoCloseable {
    private static final int TICK_MS = 1_000;
    private static final int MAX_CONNECTIONS = 500;

    private final ZooKeeperServer server;
    private final ServerCnxnFactory door;

    /**
     * @param data folder for snapshots and logs
     * @param port 0 means any free one
     * @param sessionTimeoutMs after so long the nodes of a killed client vanish, whatever longer time it asked for
     */
    public EmbeddedRegistry(Path data, int port, int sessionTimeoutMs) throws IOException, InterruptedException {
        System.setProperty("zookeeper.forceSync", "no"); // this registry may forget everything when the machine falls
        System.setProperty("zookeeper.preAllocSize", "1024"); // KB; the default of 64 MB a log file is for busy clusters
        server = new ZooKeeperServer(data.toFile(), data.toFile(), TICK_MS);
        server.setMinSessionTimeout(TICK_MS);
        server.setMaxSessionTimeout(sessionTimeoutMs);
        InetAddress loopback = InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
        door = ServerCnxnFactory.createFactory(new InetSocketAddress(loopback, port), MAX_CONNECTIONS);
        door.startup(server);
    }

    public int port() {
        return door.getLocalPort();
    }

    @Override
    public void close() {
        door.shutdown();
    }
}
