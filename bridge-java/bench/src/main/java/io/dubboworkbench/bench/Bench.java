package io.dubboworkbench.bench;

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONReader;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.rpc.RpcContext;
import org.apache.dubbo.rpc.model.ApplicationModel;
import org.apache.dubbo.rpc.model.ModuleModel;
import org.apache.dubbo.rpc.service.GenericService;

/**
 * The yardstick of the benchmarks: one consumer that keeps N calls of one method in flight, by direct URL, and does
 * nothing with the answers.
 *
 * <pre>java -jar bench.jar --url dubbo://[::1]:20881 --interface I --method M --types T,… --data '[…]'
 *     [--mode typed|generic] [--artifact API.jar] [--in-flight 128] [--warmup 15] [--seconds 10] [--paced true]</pre>
 *
 * Prints one JSON line: calls a second, microseconds of CPU a call, failed calls. Paced, it is the one who starts it that
 * decides: each line on standard input is a number of seconds to measure, and answered by one JSON line.
 */
public final class Bench {
    private final Map<String, String> options;
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();

    private Bench(Map<String, String> options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new HashMap<>(Map.of(
            "mode", "typed", "artifact", "", "types", "", "data", "[]", "in-flight", "128", "warmup", "15", "seconds", "10"));
        options.put("paced", "false");
        for (int at = 0; at + 1 < arguments.length; at += 2) {
            options.put(arguments[at].substring(2), arguments[at + 1]);
        }
        new Bench(options).run();
        System.exit(0);
    }

    private void run() throws Exception {
        Supplier<CompletableFuture<?>> call = options.get("mode").equals("typed") ? typed() : generic();
        call.get().get();
        if (Boolean.parseBoolean(options.get("paced"))) {
            BufferedReader paces = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String pace = paces.readLine(); pace != null; pace = paces.readLine()) {
                report(measure(call, Double.parseDouble(pace)));
            }
        } else {
            measure(call, Double.parseDouble(options.get("warmup")));
            report(measure(call, Double.parseDouble(options.get("seconds"))));
        }
    }

    private void report(double[] measured) {
        System.out.printf("{\"mode\":\"%s\",\"calls\":%d,\"seconds\":%.3f,\"calls_per_s\":%.0f,\"cpu_us_per_call\":%.1f,\"failed\":%d}%n",
            options.get("mode"), done.sum(), measured[0], done.sum() / measured[0], measured[1], failed.sum());
        System.out.flush();
    }

    /** Seconds that it took, and microseconds of CPU a call. */
    private double[] measure(Supplier<CompletableFuture<?>> call, double seconds) throws InterruptedException {
        int limit = Integer.parseInt(options.get("in-flight"));
        Semaphore inFlight = new Semaphore(limit);
        done.reset();
        long cpu = cpuNanos();
        long start = System.nanoTime();
        while (System.nanoTime() - start < seconds * 1e9) {
            inFlight.acquire();
            call.get().whenComplete((answer, failure) -> {
                (failure == null ? done : failed).increment();
                inFlight.release();
            });
        }
        inFlight.acquire(limit);
        double took = (System.nanoTime() - start) / 1e9;
        return new double[] {took, (cpuNanos() - cpu) / 1e3 / Math.max(1, done.sum())};
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private Supplier<CompletableFuture<?>> generic() {
        ReferenceConfig<GenericService> reference = reference();
        reference.setInterface(options.get("interface"));
        reference.setGeneric("true");
        GenericService service = reference.get();
        JSONReader.Context context = new JSONReader.Context(JSONReader.Feature.UseBigDecimalForDoubles);
        context.setArraySupplier(ArrayList::new);
        context.setObjectSupplier(HashMap::new);
        Object[] arguments = ((List<?>) JSONReader.of(options.get("data"), context).readArray()).toArray();
        String[] types = types().toArray(new String[0]);
        return () -> service.$invokeAsync(options.get("method"), types, arguments);
    }

    private Supplier<CompletableFuture<?>> typed() throws Exception {
        List<URL> jars = new ArrayList<>();
        for (String jar : options.get("artifact").split(",")) {
            jars.add(Path.of(jar).toUri().toURL());
        }
        ClassLoader loader = new URLClassLoader(jars.toArray(new URL[0]));
        Class<?> type = Class.forName(options.get("interface"), true, loader);
        Method method = Arrays.stream(type.getMethods())
            .filter(each -> each.getName().equals(options.get("method")) && Arrays.stream(each.getParameterTypes()).map(Class::getTypeName).toList().equals(types()))
            .findFirst().orElseThrow(() -> new IllegalArgumentException("no such method; --types names its parameter types"));
        Object[] arguments = JSON.parseArray(options.get("data"), method.getGenericParameterTypes()).toArray();
        ReferenceConfig<Object> reference = reference();
        reference.setInterface(type);
        reference.setInterfaceClassLoader(loader);
        Object proxy = reference.get();
        Callable<Object> call = () -> {
            method.invoke(proxy, arguments);
            return null; // the proxy's own answer is a default value that would count as the result
        };
        return () -> RpcContext.getServiceContext().asyncCall(call);
    }

    private List<String> types() {
        return options.get("types").isEmpty() ? List.of() : List.of(options.get("types").split(","));
    }

    private <T> ReferenceConfig<T> reference() {
        ApplicationModel application = ApplicationModel.defaultModel();
        ApplicationConfig config = new ApplicationConfig(application, "bench");
        config.setQosEnable(false);
        config.setSerializeCheckStatus("DISABLE");
        config.setCheckSerializable(false);
        config.setEnableFileCache(false);
        application.getApplicationConfigManager().setApplication(config);
        ModuleModel module = application.getDefaultModule();
        ReferenceConfig<T> reference = new ReferenceConfig<>(module);
        reference.setUrl(options.get("url"));
        reference.setCheck(false);
        reference.setRetries(0);
        reference.setTimeout(20_000);
        return reference;
    }
}
