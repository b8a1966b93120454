package io.dubboworkbench.bridge.train;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A ZooKeeper on loopback for the training; it ends with the JVM, after those who are registered in it. */
final class Registry {
    private static final int TICK_MS = 1_000;

    private Registry() {}

    /** Its address. */
    static String start(Path data) throws IOException, InterruptedException {
        System.setProperty("zookeeper.forceSync", "no");
        System.setProperty("zookeeper.preAllocSize", "1024"); // KB
        ZooKeeperServer server = new ZooKeeperServer(data.toFile(), data.toFile(), TICK_MS);
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        ServerCnxnFactory door = ServerCnxnFactory.createFactory(loopback, 100);
        door.startup(server);
        return "zookeeper://127.0.0.1:" + door.getLocalPort();
    }
}
