package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.bind.Binder;
import io.dubboworkbench.bridge.write.Writers;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.model.ConsumerModel;

/**
 * A service as its consumer holds it: made once, then used by all calls.
 *
 * @param type the API's interface; GenericService for generic references
 * @param protocolServiceKey what Dubbo's own proxies put into each invocation
 */
record Reference(Invoker<?> invoker, Class<?> type, ConsumerModel model, String protocolServiceKey, String serviceKey, Api api) {
    /** The classes of an artifact set, with what was learnt of them. */
    record Api(ClassLoader loader, Binder binder, Writers writers, Writers stating) {
        Api(ClassLoader loader) {
            this(loader, new Binder(loader), new Writers(), new Writers(true));
        }
    }
}
