package io.dubboworkbench.bridge.rpc;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Asks a port which protocol it speaks, by the shortest question of each, both at once. Blocks for a second at most. */
final class Wire {
    private static final int PATIENCE_MS = 1_000;
    private static final byte[] HEARTBEAT = {(byte) 0xda, (byte) 0xbb, (byte) 0xe2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 'N'};
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int SETTINGS = 4;

    private Wire() {}

    /** dubbo, tri, or empty when it is neither or says nothing. */
    static String protocol(String host, int port) {
        CompletableFuture<byte[]> aside = CompletableFuture.supplyAsync(() -> asked(host, port, PREFACE), task -> thread(task).start());
        byte[] dubbo = asked(host, port, HEARTBEAT);
        if (dubbo[0] == HEARTBEAT[0] && dubbo[1] == HEARTBEAT[1]) {
            return "dubbo";
        }
        byte[] http2 = aside.join();
        return http2[0] == 0 && http2[1] == 0 && http2[3] == SETTINGS ? "tri" : "";
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "wire");
        thread.setDaemon(true);
        return thread;
    }

    /** The first four bytes of the answer; ones when there is none. */
    private static byte[] asked(String host, int port, byte[] question) {
        byte[] answer = {1, 1, 1, 1};
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MS);
            socket.getOutputStream().write(question);
            byte[] read = new byte[answer.length];
            new DataInputStream(socket.getInputStream()).readFully(read);
            return read;
        } catch (IOException nothing) {
            return answer;
        }
    }
}
