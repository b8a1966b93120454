package io.dubboworkbench.bridge.rpc;

import java.util.EnumSet;
import java.util.Set;
import org.apache.dubbo.rpc.StatusRpcException;
import org.apache.dubbo.rpc.TriRpcStatus.Code;

/** Statuses of gRPC: those that a service ends with are its answer, as an exception is; the others speak of the way there. */
final class TripleStatus {
    private static final Set<Code> ANSWERS = EnumSet.of(
        Code.UNKNOWN, Code.INVALID_ARGUMENT, Code.NOT_FOUND, Code.ALREADY_EXISTS, Code.FAILED_PRECONDITION, Code.ABORTED, Code.OUT_OF_RANGE,
        Code.INTERNAL, Code.DATA_LOSS);

    private TripleStatus() {}

    /** What Dubbo makes of a connection that ends under a call: it has not a word to say of it (TripleClientCall.onClose). */
    static boolean isHungUp(Throwable thrown) {
        return thrown instanceof StatusRpcException told && told.getStatus().code == Code.CANCELLED && told.getStatus().description == null;
    }

    /** One with a cause was made here, for a request or an answer that could not be read or written. */
    static boolean isAnswer(Throwable thrown) {
        return thrown instanceof StatusRpcException told && ANSWERS.contains(told.getStatus().code) && told.getStatus().cause == null;
    }
}
