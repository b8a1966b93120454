package io.dubboworkbench.bridge.rpc;

import org.apache.dubbo.common.URL;
import org.apache.dubbo.remoting.Channel;
import org.apache.dubbo.remoting.ChannelHandler;
import org.apache.dubbo.remoting.Client;
import org.apache.dubbo.remoting.Dispatcher;
import org.apache.dubbo.remoting.RemotingException;
import org.apache.dubbo.remoting.exchange.support.DefaultFuture;
import org.apache.dubbo.remoting.transport.dispatcher.direct.DirectChannelHandler;

/**
 * Tells the calls under way when a provider hangs up. Dubbo looks for them by the lost channel, but has noted them by
 * the client that owns it, so that each would wait for its timeout. Answers are read on the thread that brings them:
 * a thread more for each costs as much as the answer. An extension that Dubbo finds by name.
 */
public final class HangUpDispatcher implements Dispatcher {
    static final String NAME = "workbench";

    @Override
    public ChannelHandler dispatch(ChannelHandler handler, URL url) {
        return new Handler(handler, url);
    }

    private static final class Handler extends DirectChannelHandler {
        Handler(ChannelHandler handler, URL url) {
            super(handler, url);
        }

        @Override
        public void disconnected(Channel channel) throws RemotingException {
            super.disconnected(channel);
            boolean ours = channel.getChannelHandler() instanceof Client client && channel.getLocalAddress().equals(client.getLocalAddress());
            if (ours) { // else the client is connected again, and what waits now waits there
                DefaultFuture.closeChannel((Channel) channel.getChannelHandler(), 0);
            }
        }
    }
}
