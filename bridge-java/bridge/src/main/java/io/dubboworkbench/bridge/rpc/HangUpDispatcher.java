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
    private static final int MOST_TRIES = 10;

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
            if (!(channel.getChannelHandler() instanceof Client client)) {
                super.disconnected(channel);
                return;
            }
            channel.close(); // Dubbo takes it for open until all here is done, and would write further calls into it
            endCalls(channel);
            // Dubbo's own way goes through the calls once more, meets those that came since, and waits for them
            CompletableFuture.delayedExecutor(PAUSE_MS, TimeUnit.MILLISECONDS, task -> thread(task).start()).execute(() -> connect(client));
        }

        /** One that is just being made has no timer yet, at which Dubbo fails (DefaultFuture.received) and leaves out the rest. */
        private static void endCalls(Channel channel) {
            for (int tried = 0; tried < MOST_TRIES; tried++) {
                try {
                    DefaultFuture.closeChannel(channel, 0);
                    return;
                } catch (RuntimeException halfMade) {
                    halfMade.printStackTrace();
                }
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
