package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Call;
import io.dubboworkbench.bridge.Notes;
import java.util.List;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcInvocation;

/** How one method is called: typed or generic. */
interface Caller {
    Reference reference();

    /** typed or generic. */
    String mode();

    /**
     * @param notes what will not arrive as it is written, without an error
     * @throws io.dubboworkbench.bridge.bind.BindingException when the request does not fit
     * @throws io.dubboworkbench.bridge.json.JsonException when it is no JSON
     */
    RpcInvocation invocation(Call call, Notes notes);

    /** What comes of it may come later. */
    default Result invoke(RpcInvocation invocation, Call call) {
        return reference().invoker().invoke(invocation);
    }

    /** Ends what {@link #invoke} began, for nobody waits for it any more; null when there is nothing to end. */
    default Runnable end(RpcInvocation invocation) {
        return null;
    }

    /** Classes that the request names and the provider may refuse without a word. */
    default List<String> refusable(Call call) {
        return List.of();
    }

    /**
     * Appends the JSON of an answer.
     *
     * @param notes what it shows otherwise than it is
     */
    void write(StringBuilder out, Object value, Notes notes);
}
