package com.example.order.provider;

import com.example.order.BizOrderAiFacade;
import io.dubboworkbench.samples.SampleService;
import java.util.Set;

/** Offers the subsystem order to the launcher. */
public final class OrderService implements SampleService {
    private static final String CODE = "code-changed";
    private static final String AMOUNT = "amount-changed";
    private static final String ITEM = "item-lost";

    @Override
    public String name() {
        return "order";
    }

    @Override
    public Class<?> contract() {
        return BizOrderAiFacade.class;
    }

    /** The field variants are made by other classes alone, see ProviderMain. */
    @Override
    public Set<String> answerVariants() {
        return Set.of(CODE, AMOUNT, ITEM, "field-renamed", "field-removed");
    }

    @Override
    public Object implementation(String answerVariant) {
        return switch (answerVariant) {
            case CODE -> new ChangedOrders(result -> result.setCode("200"));
            case AMOUNT -> new ChangedOrders(result -> result.getData().setAmount(result.getData().getAmount().add(ChangedOrders.CENT)));
            case ITEM -> new ChangedOrders(result -> result.getData().setItems(result.getData().getItems().subList(0, result.getData().getItems().size() - 1)));
            default -> new InMemoryOrders();
        };
    }
}
