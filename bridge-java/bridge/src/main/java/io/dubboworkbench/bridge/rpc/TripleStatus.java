package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.write.Trace;
import java.util.EnumSet;
import java.util.Set;
import org.apache.dubbo.rpc.StatusRpcException;
import org.apache.dubbo.rpc.TriRpcStatus.Code;

/** Statuses of gRPC: those that a service ends with are its answer, as an exception is; the others speak of the way there. */
final class TripleStatus {
    private static final Set<Code> ANSWERS = EnumSet.of(
        Code.UNKNOWN, Code.INVALID_ARGUMENT, Code.NOT_FOUND, Code.ALREADY_EXISTS, Code.FAILED_PRECONDITION, Code.ABORTED, Code.OUT_OF_RANGE,
        Code.INTERNAL, Code.DATA_LOSS);

    private static final String NO_MESSAGE = "unknown";

    private TripleStatus() {}

    /**
     * What Dubbo makes of a connection that ends under a call (TripleClientCall.onClose, which has not a word to say of it)
     * or while it is being sent (AbstractTripleClientStream.transportError).
     */
    static boolean isHungUp(Throwable thrown) {
        if (!(thrown instanceof StatusRpcException told)) {
            return false;
        }
        String said = told.getStatus().description;
        return told.getStatus().code == Code.CANCELLED ? said == null : told.getStatus().code == Code.INTERNAL && "Http2 exception".equals(said);
    }

    /** A provider that ends one stream and keeps the connection: so do threads that are all busy, but not they alone (NettyHttp2FrameHandler). */
    static boolean isReset(Throwable thrown) {
        return thrown instanceof StatusRpcException told && told.getStatus().code == Code.CANCELLED
            && String.valueOf(told.getStatus().description).startsWith("Canceled by remote peer");
    }

    /** There was no connection to send it over (TripleInvoker.doInvoke). */
    static boolean isUnsent(Throwable thrown) {
        return thrown instanceof StatusRpcException told && told.getStatus().code == Code.UNAVAILABLE
            && told.getStatus().description != null && told.getStatus().description.startsWith("upstream ");
    }

    /**
     * All that a provider on 3.3 says when it cannot read a request or write its answer (HttpStatusException): not what
     * a class is called, not which of both.
     */
    static boolean isUncarried(Throwable thrown) {
        return thrown instanceof StatusRpcException told && told.getStatus().code == Code.UNKNOWN && "Internal Server Error".equals(told.getStatus().description);
    }

    /** What a provider says of an answer beyond its limit (LimitedByteBufOutputStream, 3.3.6), and of none that its method gave. */
    static boolean isTooLarge(Throwable thrown) {
        return thrown instanceof StatusRpcException told && told.getStatus().code == Code.UNKNOWN && "Response Entity Too Large".equals(told.getStatus().description);
    }

    /**
     * What a provider on tri before 3.3 sends of an exception that one of its filters threw: the message, and behind it
     * the beginning of the trace. Null when it is none.
     */
    static Trace trace(Throwable thrown) {
        String told = thrown instanceof StatusRpcException status && status.getStatus().cause == null ? status.getStatus().description : null;
        for (int end = told == null ? -1 : told.indexOf('\n'); end >= 0; end = told.indexOf('\n', end + 1)) {
            Trace exact = Trace.of(told.substring(end + 1), told.substring(0, end));
            if (exact != null) {
                return exact;
            }
            Trace trace = Trace.of(told.substring(end + 1));
            String message = trace == null ? null : trace.message() == null ? NO_MESSAGE : trace.message().strip();
            if (told.substring(0, end).strip().equals(message)) {
                return trace;
            }
        }
        return null;
    }

    /** One with a cause was made here, for a request or an answer that could not be read or written. */
    static boolean isAnswer(Throwable thrown) {
        return thrown instanceof StatusRpcException told && ANSWERS.contains(told.getStatus().code) && told.getStatus().cause == null;
    }
}
