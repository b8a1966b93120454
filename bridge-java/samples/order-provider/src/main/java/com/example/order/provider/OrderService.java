package com.example.order.provider;

import com.example.order.BizOrder;
import com.example.order.BizOrderAiFacade;
import io.dubboworkbench.launch.UsageException;
import io.dubboworkbench.samples.SampleService;
import java.util.Set;
import java.util.stream.Stream;

/** Offers the subsystem order to the launcher. */
public final class OrderService implements SampleService {
    private static final String CODE = "code-changed";
    private static final String AMOUNT = "amount-changed";
    private static final String ITEM = "item-lost";
    private static final String RENAMED = "field-renamed";
    private static final String REMOVED = "field-removed";

    @Override
    public String name() {
        return "order";
    }

    @Override
    public Class<?> contract() {
        return BizOrderAiFacade.class;
    }

    @Override
    public Set<String> answerVariants() {
        return Set.of(CODE, AMOUNT, ITEM, RENAMED, REMOVED);
    }

    @Override
    public Object implementation(String answerVariant) {
        return switch (answerVariant) {
            case CODE -> new ChangedOrders(result -> result.setCode("200"));
            case AMOUNT -> new ChangedOrders(result -> result.getData().setAmount(result.getData().getAmount().add(ChangedOrders.CENT)));
            case ITEM -> new ChangedOrders(result -> result.getData().setItems(result.getData().getItems().subList(0, result.getData().getItems().size() - 1)));
            case RENAMED, REMOVED -> withOtherClasses(answerVariant);
            default -> new InMemoryOrders();
        };
    }

    private static InMemoryOrders withOtherClasses(String answerVariant) {
        if (Stream.of(BizOrder.class.getDeclaredFields()).anyMatch(field -> field.getName().equals("paymentId"))) {
            throw new UsageException("--answer-variant " + answerVariant + " needs lib/order-" + answerVariant + ".jar in front of the class path");
        }
        return new InMemoryOrders();
    }
}
