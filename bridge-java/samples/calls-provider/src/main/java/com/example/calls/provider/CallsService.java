package com.example.calls.provider;

import com.example.calls.CallsFacade;
import io.dubboworkbench.samples.SampleService;
import java.util.List;
import org.apache.dubbo.config.ArgumentConfig;
import org.apache.dubbo.config.MethodConfig;
import org.apache.dubbo.config.ServiceConfig;

/** Offers calls to the launcher: with Bean Validation, and a callback as Dubbo wants it declared. */
public final class CallsService implements SampleService {
    @Override
    public String name() {
        return "calls";
    }

    @Override
    public Class<?> contract() {
        return CallsFacade.class;
    }

    @Override
    public Object implementation(String answerVariant) {
        return new Calls();
    }

    @Override
    public void configure(ServiceConfig<?> config) {
        config.setValidation("jvalidationNew");
        ArgumentConfig listener = new ArgumentConfig();
        listener.setIndex(1);
        listener.setCallback(true);
        MethodConfig listen = new MethodConfig();
        listen.setName("listen");
        listen.setArguments(List.of(listener));
        config.setMethods(List.of(listen));
    }
}
