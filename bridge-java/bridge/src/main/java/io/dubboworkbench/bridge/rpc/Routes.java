package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Failure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.common.config.configcenter.DynamicConfiguration;
import org.apache.dubbo.common.constants.CommonConstants;
import org.apache.dubbo.registry.client.migration.MigrationInvoker;
import org.apache.dubbo.registry.client.migration.model.MigrationStep;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.RpcContext;
import org.apache.dubbo.rpc.RpcInvocation;
import org.apache.dubbo.rpc.cluster.ClusterInvoker;
import org.apache.dubbo.rpc.cluster.RouterChain;
import org.apache.dubbo.rpc.cluster.directory.AbstractDirectory;
import org.apache.dubbo.rpc.cluster.governance.GovernanceRuleRepository;
import org.apache.dubbo.rpc.cluster.router.RouterSnapshotNode;
import org.apache.dubbo.rpc.cluster.router.state.BitList;

/**
 * Which rule left a call without a provider. Dubbo's own routers are asked again, with a note of what each of them did,
 * so that what is told is what happened. Dubbo's names: AbstractStateRouter builds the notes, ListenableStateRouter reads
 * KEY.condition-router, TagStateRouter KEY.tag-router.
 */
final class Routes {
    private static final int SHOWN = 5;

    private Routes() {}

    /** Null when the routers are not to blame. */
    static Failure explain(Definition definition, Reference reference, RpcInvocation invocation) {
        for (AbstractDirectory<?> directory : directories(reference)) {
            Failure failure = explain(definition, directory, invocation);
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    /** URLs of all providers that the reference knows, whether routed to or not. */
    static Set<URL> providers(Reference reference) {
        Set<URL> urls = new LinkedHashSet<>();
        directories(reference).forEach(directory -> directory.getAllInvokers().forEach(invoker -> urls.add(invoker.getUrl())));
        RpcContext.removeContext(); // some of them leave their consumer there
        return urls;
    }

    /** URLs of those that no call is given to now, for there is no connection, or a rule disabled them. */
    static List<URL> lost(Reference reference) {
        List<URL> urls = new ArrayList<>();
        for (AbstractDirectory<?> directory : directories(reference)) {
            List<?> valid = directory.getValidInvokers();
            directory.getAllInvokers().stream().filter(invoker -> !valid.contains(invoker)).forEach(invoker -> urls.add(invoker.getUrl()));
        }
        RpcContext.removeContext();
        return urls;
    }

    /** Of both levels and all registries; none when it was referred to by an address. */
    private static List<AbstractDirectory<?>> directories(Reference reference) {
        List<AbstractDirectory<?>> found = new ArrayList<>();
        if (reference.model().getServiceMetadata().getAttribute(CommonConstants.CURRENT_CLUSTER_INVOKER_KEY) instanceof Map<?, ?> invokers) {
            for (Object each : invokers.values()) {
                MigrationInvoker<?> migration = (MigrationInvoker<?>) each;
                add(found, migration.getServiceDiscoveryInvoker());
                add(found, migration.getInvoker());
            }
        }
        return found;
    }

    /** The level that a migration rule leaves to the reference alone, and the step that says so; null when it may take both. */
    static Forced forced(Reference reference) {
        if (reference.model().getServiceMetadata().getAttribute(CommonConstants.CURRENT_CLUSTER_INVOKER_KEY) instanceof Map<?, ?> invokers) {
            for (Object each : invokers.values()) {
                MigrationStep step = ((MigrationInvoker<?>) each).getMigrationStep();
                if (step == MigrationStep.FORCE_APPLICATION || step == MigrationStep.FORCE_INTERFACE) {
                    return new Forced(step == MigrationStep.FORCE_INTERFACE ? "interface" : "application", step.name());
                }
            }
        }
        return null;
    }

    record Forced(String level, String step) {}

    private static void add(List<AbstractDirectory<?>> found, ClusterInvoker<?> invoker) {
        if (invoker != null && !invoker.isDestroyed() && invoker.getDirectory() instanceof AbstractDirectory<?> directory && !directory.isDestroyed()) {
            found.add(directory);
        }
    }

    private static <T> Failure explain(Definition definition, AbstractDirectory<T> directory, RpcInvocation invocation) {
        BitList<Invoker<T>> all = directory.getValidInvokers();
        RouterChain<T> chain = directory.getRouterChain();
        if (all.isEmpty() || chain == null) {
            return null;
        }
        URL consumer = directory.getConsumerUrl();
        RpcContext.getServiceContext().setConsumerUrl(consumer);
        try {
            RouterSnapshotNode<T> culprit = culprit(chain.getCurrentChain().buildRouterSnapshot(consumer, all, invocation));
            return culprit == null ? null : told(definition, culprit, all.get(0).getUrl(), consumer, invocation);
        } finally {
            RpcContext.removeContext();
        }
    }

    /** The innermost that was given some and left none: what stands behind it was never asked. */
    private static <T> RouterSnapshotNode<T> culprit(RouterSnapshotNode<T> node) {
        if (node.getBeforeSize() == 0 || node.getChainOutputSize() > 0) {
            return null;
        }
        for (RouterSnapshotNode<T> next : node.getNextNode()) {
            RouterSnapshotNode<T> found = culprit(next);
            if (found != null) {
                return found;
            }
        }
        return node.getParentNode() == null ? null : node;
    }

    private static Failure told(Definition definition, RouterSnapshotNode<?> culprit, URL provider, URL consumer, RpcInvocation invocation) {
        String who = definition.interfaceName() + Failures.described(definition);
        int before = culprit.getBeforeSize();
        String providers = before == 1 ? "the one provider" : "the " + before + " providers";
        if (culprit.getName().equals("TagStateRouter")) {
            return tags(definition, who, providers, provider, consumer, invocation);
        }
        String rule = rule(culprit, provider, consumer);
        return Failure.of("NO_PROVIDER", rule + " leaves none of " + providers + " of " + who + " for this call",
            "`workbench services` shows the rule; change it, or call so that it lets the call through");
    }

    private static Failure tags(Definition definition, String who, String providers, URL provider, URL consumer, RpcInvocation invocation) {
        String tag = String.valueOf(invocation.getAttachments().getOrDefault("dubbo.tag", ""));
        String key = provider.getRemoteApplication() + ".tag-router";
        boolean ruled = !stored(consumer, key).isEmpty();
        String asked = tag.isEmpty() ? "the call has no tag" : "no provider has the tag " + tag;
        String forced = "true".equals(invocation.getAttachment("dubbo.force.tag")) ? ", and dubbo.force.tag excludes those without one" : "";
        String by = ruled ? " (rule " + key + ")" : "";
        return Failure.of("NO_PROVIDER", asked + forced + ": tags leave none of " + providers + " of " + who + by,
            tag.isEmpty() ? "write the step's tag; `workbench services` shows those of the providers" : "`workbench services` shows the tags of the providers");
    }

    private static String rule(RouterSnapshotNode<?> culprit, URL provider, URL consumer) {
        for (RouterSnapshotNode<?> at = culprit; at != null; at = at.getParentNode()) {
            String key = switch (at.getName()) {
                case "ServiceStateRouter" -> DynamicConfiguration.getRuleKey(consumer) + ".condition-router";
                case "AppStateRouter" -> consumer.getApplication() + ".condition-router";
                case "ProviderAppStateRouter" -> provider.getRemoteApplication() + ".condition-router";
                case "AppScriptStateRouter" -> consumer.getApplication() + ".script-router";
                case "AffinityServiceStateRouter" -> DynamicConfiguration.getRuleKey(consumer) + ".affinity-router";
                default -> "";
            };
            if (!key.isEmpty()) {
                return "the rule " + key;
            }
        }
        return "the router " + culprit.getName();
    }

    private static String stored(URL consumer, String key) {
        String rule = consumer.getOrDefaultModuleModel().getExtensionLoader(GovernanceRuleRepository.class).getDefaultExtension()
            .getRule(key, DynamicConfiguration.DEFAULT_GROUP);
        return rule == null ? "" : rule;
    }
}
