package com.example.notify.provider;

import com.example.notify.MessageNotifyAiFacade;
import io.dubboworkbench.samples.SampleService;
import java.util.Set;

/** Offers the subsystem notify to the launcher. */
public final class NotifyService implements SampleService {
    private static final String UNDELIVERED = "undelivered";

    @Override
    public String name() {
        return "notify";
    }

    @Override
    public Class<?> contract() {
        return MessageNotifyAiFacade.class;
    }

    @Override
    public Set<String> answerVariants() {
        return Set.of(UNDELIVERED);
    }

    @Override
    public Object implementation(String answerVariant) {
        return new InMemoryNotify(!answerVariant.equals(UNDELIVERED));
    }
}
