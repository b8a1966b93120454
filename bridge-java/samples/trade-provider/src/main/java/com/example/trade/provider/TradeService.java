package com.example.trade.provider;

import com.example.trade.TransAiFacade;
import io.dubboworkbench.samples.SampleService;
import java.util.Set;

/** Offers the subsystem trade to the launcher. */
public final class TradeService implements SampleService {
    @Override
    public String name() {
        return "trade";
    }

    @Override
    public Class<?> contract() {
        return TransAiFacade.class;
    }

    @Override
    public Set<String> answerVariants() {
        return Set.of(PayTwiceTrade.VARIANT);
    }

    @Override
    public Object implementation(String answerVariant) {
        return answerVariant.equals(PayTwiceTrade.VARIANT) ? new PayTwiceTrade() : new InMemoryTrade();
    }
}
