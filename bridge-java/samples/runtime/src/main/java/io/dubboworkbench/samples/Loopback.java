package io.dubboworkbench.samples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * The loopback address in a form that Dubbo accepts. It refuses whatever starts with 127 and would bind every address
 * instead; the IPv6 one it takes, and where a machine has none, 127.0.0.1 written as one number.
 */
final class Loopback {
    private static final String IPV6 = "::1";
    private static final String IPV4_AS_A_NUMBER = "2130706433";

    private Loopback() {}

    static String host() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(IPV6))) {
            return IPV6;
        } catch (IOException none) {
            return IPV4_AS_A_NUMBER;
        }
    }
}
