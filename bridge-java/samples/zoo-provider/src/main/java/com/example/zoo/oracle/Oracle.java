package com.example.zoo.oracle;

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONArray;
import com.alibaba.fastjson2.JSONObject;
import com.example.zoo.Observed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.RpcContext;

/**
 * A typed consumer of the zoo, to compare with: it has the API's classes on its class path and does what a Java program
 * does. One case a line on stdin, `{"id", "interface", "method", "types", "arguments"}` with arguments as Describe writes
 * them; one line each on stdout, `{"id", "sent", "received", "seen", "thrown"}`: what it sent and received, what the
 * provider says it saw, and an exception as text.
 */
public final class Oracle {
    private static final int TIMEOUT_MS = 30_000;

    private final String url;
    private final Map<String, Object> facades = new HashMap<>();

    private Oracle(String url) {
        this.url = url;
    }

    public static void main(String[] arguments) throws IOException {
        System.setProperty("dubbo.application.logger", "slf4j");
        ApplicationConfig application = new ApplicationConfig("oracle");
        application.setQosEnable(false);
        application.setSerializeCheckStatus("DISABLE");
        DubboBootstrap.getInstance().application(application);
        Oracle oracle = new Oracle(arguments[0]);
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(oracle.answer(JSON.parseObject(line)));
        }
        out.flush();
        System.exit(0); // Dubbo's threads would keep us
    }

    private String answer(JSONObject call) {
        StringBuilder out = new StringBuilder("{\"id\":").append(Describe.value(call.getString("id"), false));
        try {
            Class<?> facade = Class.forName(call.getString("interface"));
            Method method = facade.getMethod(call.getString("method"), types(call.getJSONArray("types")));
            JSONArray given = call.getJSONArray("arguments");
            out.append(",\"sent\":").append(Describe.arguments(method, values(given)));
            exchange(out, facade, method, values(given), call.getString("id")); // others: an iterator is read but once
        } catch (ReflectiveOperationException | RuntimeException broken) {
            out.append(",\"broken\":").append(Describe.value(broken.toString(), false));
        }
        return out.append('}').toString();
    }

    private static Object[] values(JSONArray given) throws ReflectiveOperationException {
        Object[] values = new Object[given.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Build.value(given.get(i));
        }
        return values;
    }

    private void exchange(StringBuilder out, Class<?> facade, Method method, Object[] values, String id) throws IllegalAccessException {
        Object proxy = facades.computeIfAbsent(facade.getName(), name -> reference(facade));
        try {
            RpcContext.getClientAttachment().setAttachment("zoo.case", id);
            Object received = method.invoke(proxy, values);
            out.append(",\"received\":").append(Describe.value(received, method.getReturnType().isPrimitive()));
        } catch (InvocationTargetException thrown) {
            out.append(",\"thrown\":").append(Describe.value(String.valueOf(thrown.getCause()), false));
        }
        out.append(",\"seen\":").append(((Observed) proxy).seen(id));
    }

    private Object reference(Class<?> facade) {
        ReferenceConfig<Object> config = new ReferenceConfig<>();
        config.setInterface(facade);
        config.setUrl(url);
        config.setCheck(false);
        config.setRetries(0);
        config.setTimeout(TIMEOUT_MS);
        return config.get();
    }

    private static Class<?>[] types(JSONArray names) throws ClassNotFoundException {
        Class<?>[] types = new Class<?>[names.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = Build.named(names.getString(i));
        }
        return types;
    }
}
