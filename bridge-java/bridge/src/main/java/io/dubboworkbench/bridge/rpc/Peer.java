package io.dubboworkbench.bridge.rpc;

import org.apache.dubbo.common.URL;
import org.apache.dubbo.rpc.Invocation;
import org.apache.dubbo.rpc.RpcInvocation;

/**
 * Who a call went to. Noted in the call's attributes, which all of Dubbo's copies of an invocation share; the invoker
 * that an invocation names is the cluster's where the reference takes any group or version, or names a protocol.
 *
 * @param address HOST:PORT that was connected to
 * @param secure over TLS
 */
record Peer(String address, String protocol, boolean secure) {
    static final Peer NOBODY = new Peer("", "", false);

    static Peer at(URL url) {
        return new Peer(Hosts.shown(url.getHost()) + ":" + url.getPort(), url.getProtocol(), Tls.wants(url));
    }

    void note(Invocation invocation) {
        if (invocation instanceof RpcInvocation call) {
            call.put(Peer.class, this);
        }
    }

    /** With an empty address when no provider was chosen. */
    static Peer of(Invocation invocation) {
        return invocation.get(Peer.class) instanceof Peer peer ? peer : NOBODY;
    }
}
