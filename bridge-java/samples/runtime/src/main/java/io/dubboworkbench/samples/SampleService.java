package io.dubboworkbench.samples;

import java.util.Set;
import org.apache.dubbo.config.ServiceConfig;

/** One interface that a provider jar brings, found through META-INF/services; those of one name belong together. */
public interface SampleService {
    /** Name of the subsystem, which is also its Dubbo application: order, trade, notify, zoo. */
    String name();

    Class<?> contract();

    /**
     * Other ways this service can answer, for tests that want to see a change being noticed. Where a variant is a fact of
     * a class and not of its values, its classes come in a jar of their own, to be put in front of the class path.
     */
    default Set<String> answerVariants() {
        return Set.of();
    }

    /** @param answerVariant one of {@link #answerVariants()} or an empty string */
    Object implementation(String answerVariant);

    /** What the service wants besides the launcher's options. */
    default void configure(ServiceConfig<?> config) {}
}
