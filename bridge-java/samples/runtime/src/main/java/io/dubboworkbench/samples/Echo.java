package io.dubboworkbench.samples;

import org.apache.dubbo.rpc.service.EchoService;

/** What a provider offers that has no services on its class path: enough to load what all providers load. */
final class Echo implements SampleService {
    @Override
    public String name() {
        return "echo";
    }

    @Override
    public Class<?> contract() {
        return EchoService.class;
    }

    @Override
    public Object implementation(String answerVariant) {
        return (EchoService) message -> message;
    }
}
