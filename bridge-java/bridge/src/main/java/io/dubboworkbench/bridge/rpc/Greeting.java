package io.dubboworkbench.bridge.rpc;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * The first words with a ZooKeeper server: a frozen one takes connections and says nothing, and Dubbo would wait a
 * minute for it, with all that the other registries offer. (ZooKeeper's ConnectRequest and ConnectResponse)
 */
final class Greeting {
    private static final int SESSION_MS = 4_000;
    private static final int PASSWORD = 16;
    private static final int REQUEST = 4 + 8 + 4 + 8 + 4 + PASSWORD + 1;
    private static final int LEAST = 4 + 4 + 8 + 4; // of an answer, without the password
    private static final int MOST = 1_024;
    private static final int CLOSE_SESSION = -11;

    private Greeting() {}

    /** Null when it opens a session, which is closed again; else what it did in place of that. */
    static String refusal(Socket connected, int patienceMs) {
        try {
            connected.setSoTimeout(patienceMs);
            DataOutputStream out = new DataOutputStream(connected.getOutputStream());
            out.write(request());
            int length = new DataInputStream(connected.getInputStream()).readInt();
            if (length < LEAST || length > MOST) {
                return "it does not speak ZooKeeper";
            }
            out.writeInt(2 * Integer.BYTES);
            out.writeInt(1);
            out.writeInt(CLOSE_SESSION);
            return null;
        } catch (SocketTimeoutException silent) {
            return "it takes connections and says nothing: is it ZooKeeper, and does it run?";
        } catch (EOFException | SocketException closed) {
            return "it closes connections at once: is it ZooKeeper, and has it a quorum?";
        } catch (IOException failed) {
            return String.valueOf(failed.getMessage());
        }
    }

    private static byte[] request() throws IOException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(REQUEST);
        out.writeInt(0); // version of the protocol
        out.writeLong(0); // nothing seen yet
        out.writeInt(SESSION_MS);
        out.writeLong(0); // no session yet
        out.writeInt(PASSWORD);
        out.write(new byte[PASSWORD]);
        out.writeBoolean(false); // not read-only
        return bytes.toByteArray();
    }
}
