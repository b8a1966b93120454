package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.load.Floats;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/** Finds `float` fields in what a method takes: providers read them wrongly (see Floats), as from any other consumer. */
final class FloatFields {
    private FloatFields() {}

    static Optional<String> warning(Definition definition, Method method) {
        if (!definition.serialization().isEmpty() && !definition.serialization().equals("hessian2")) {
            return Optional.empty();
        }
        return Reachable.from(List.of(method.getGenericParameterTypes())).stream().filter(Floats::in).findFirst()
            .map(type -> "the request's " + type.getName() + " has fields of the type float, which providers with hessian-lite"
                + " up to 4.0.4 (Dubbo 3.3.6) read as other numbers, from every consumer; declare Float, or set serialization: fastjson2");
    }
}
