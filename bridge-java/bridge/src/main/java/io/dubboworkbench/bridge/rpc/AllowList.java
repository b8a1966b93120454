package io.dubboworkbench.bridge.rpc;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a provider since Dubbo 3.2 trusts of itself (serialization check STRICT): the JDK, and the first three parts of
 * the package of every class that its interface can be seen to use. Of other classes in a request it says nothing: it
 * reads the declared type, or a HashMap, or cannot read the request at all. (org.apache.dubbo.common.utils
 * .SerializeSecurityConfigurator, 3.3.6; and tried)
 */
final class AllowList {
    static final String FILE = "security/serialize.allowlist";
    private static final int TRUSTED_PARTS = 3;
    private static final Pattern NAMED = Pattern.compile("\"\\$?class\"\\s*:\\s*\"([\\w.$]+)\"");
    private static final Pattern JDK = Pattern.compile("(?:java|javax|sun|com\\.sun|jdk)\\..*");

    private final Class<?> type;
    private volatile Set<String> trusted;

    /** @param type the interface */
    AllowList(Class<?> type) {
        this.type = type;
    }

    /** Classes that the arguments name and that are not trusted. */
    List<String> outside(String arguments) {
        if (!arguments.contains("class\"")) { // nearly always
            return List.of();
        }
        Matcher named = NAMED.matcher(arguments);
        List<String> found = new ArrayList<>();
        while (named.find()) {
            String name = named.group(1);
            if (name.contains(".") && !JDK.matcher(name).matches() && !trusted().contains(group(name)) && !found.contains(name)) {
                found.add(name);
            }
        }
        return found;
    }

    /** What to do about classes that were refused. */
    static String hint(List<String> classes) {
        return "add " + String.join(", ", classes) + " to " + FILE + " in the provider's resources, or set its serialize-check-status to WARN";
    }

    private Set<String> trusted() {
        if (trusted == null) {
            List<Type> used = new ArrayList<>(List.of(type));
            for (Method method : type.getMethods()) {
                used.addAll(List.of(method.getGenericParameterTypes()));
                used.addAll(List.of(method.getGenericExceptionTypes()));
                used.add(method.getGenericReturnType());
            }
            Set<String> groups = new HashSet<>();
            Reachable.from(used).forEach(each -> groups.add(group(each.getName())));
            trusted = groups;
        }
        return trusted;
    }

    /** `com.example.trade.` of `com.example.trade.deep.Payment`; a name with fewer parts stands for itself. */
    private static String group(String name) {
        String[] parts = name.split("\\.");
        return parts.length <= TRUSTED_PARTS ? name : Arrays.stream(parts).limit(TRUSTED_PARTS).collect(Collectors.joining(".", "", "."));
    }
}
