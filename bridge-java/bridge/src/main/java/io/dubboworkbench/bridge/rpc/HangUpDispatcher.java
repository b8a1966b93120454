package io.dubboworkbench.bridge.rpc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.remoting.Channel;
import org.apache.dubbo.remoting.ChannelHandler;
import org.apache.dubbo.remoting.Client;
import org.apache.dubbo.remoting.Dispatcher;
import org.apache.dubbo.remoting.RemotingException;
import org.apache.dubbo.remoting.exchange.support.DefaultFuture;
import org.apache.dubbo.remoting.transport.dispatcher.direct.DirectChannelHandler;

/**
 * Tells the calls under way at once when a provider hangs up; Dubbo would wait ten seconds for answers that cannot come
 * any more, on the thread that reads those of other providers. Answers are read on the thread that brings them:
 * a thread more for each costs as much as the answer. The connection is made again once. An extension that Dubbo finds by name.
 */
public final class HangUpDispatcher implements Dispatcher {
    static final String NAME = "workbench";
    private static final long PAUSE_MS = 200;

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
            channel.close(); // Dubbo takes it for open until all here is done, and would write further calls into it
            DefaultFuture.closeChannel(channel, 0);
            super.disconnected(channel);
            if (channel.getChannelHandler() instanceof Client client) {
                CompletableFuture.delayedExecutor(PAUSE_MS, TimeUnit.MILLISECONDS, task -> thread(task).start()).execute(() -> connect(client));
            }
        }

        /** Dubbo itself would do so within a minute, and pass the provider over until then. */
        private static void connect(Client client) {
            try {
                if (!client.isClosed() && !client.isConnected()) {
                    client.reconnect();
                }
            } catch (RemotingException gone) {
                return; // Dubbo goes on trying
            }
        }

        private static Thread thread(Runnable task) {
            Thread thread = new Thread(task, "reconnect");
            thread.setDaemon(true);
            return thread;
        }
    }
}
