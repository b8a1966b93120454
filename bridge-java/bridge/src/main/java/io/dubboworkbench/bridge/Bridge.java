package io.dubboworkbench.bridge;

import io.dubboworkbench.bridge.load.Artifacts;
import io.dubboworkbench.bridge.rpc.DubboRole;
import io.dubboworkbench.bridge.tool.ToolRole;
import io.dubboworkbench.bridge.train.Train;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import py4j.GatewayServer;

/**
 * `java -jar bridge.jar ROLE SCRATCH` with ROLE calls, tools or train (see Train) and SCRATCH an empty private folder. The first line of
 * stdin is the token; when stdin ends, so does this JVM. `READY port pid` is the only line on stdout; everything else
 * that is printed goes to stderr.
 */
public final class Bridge {
    private static final int MAX_THREADS = 512;

    private Bridge() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals("train")) {
            train(Path.of(arguments[1]));
            return;
        }
        java.io.PrintStream ready = System.out;
        System.setOut(System.err);
        BufferedReader stdin = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String token = stdin.readLine();
        if (token == null || token.length() < 32) {
            throw new IllegalStateException("the token is missing on stdin");
        }
        Outbox outbox = new Outbox();
        Path scratch = Path.of(arguments[1]);
        Gate gate = gate(role(arguments[0], scratch, outbox), outbox);
        int port = serve(gate, token);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(scratch), "tidy"));
        System.setIn(InputStream.nullInputStream()); // ours says when to end; whose code runs here finds nothing to read
        endWith(stdin, scratch);
        ready.println("READY " + port + " " + ProcessHandle.current().pid());
        ready.flush();
    }

    private static void train(Path scratch) throws IOException, InterruptedException {
        Outbox outbox = new Outbox();
        Path jar = Path.of(Bridge.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        Gate gate = new Gate(definition -> null, () -> 0, outbox);
        serve(gate, "0".repeat(64));
        Train.run(new DubboRole(new Artifacts(scratch), pool("call"), outbox), outbox, jar.toString(), scratch);
        delete(scratch);
        System.exit(0); // not halt: the archive is written on the way out
    }

    private static Gate gate(Role role, Outbox outbox) {
        return new Gate(role, role::loaders, outbox);
    }

    private static Role role(String name, Path scratch, Outbox outbox) {
        if (name.equals("calls")) {
            return new DubboRole(new Artifacts(scratch), pool("call"), outbox).warm();
        }
        if (name.equals("tools")) {
            return new ToolRole(new Artifacts(scratch), pool("tool"), outbox);
        }
        throw new IllegalArgumentException("unknown role " + name);
    }

    private static ExecutorService pool(String name) {
        return new ThreadPoolExecutor(0, MAX_THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        }, new ThreadPoolExecutor.CallerRunsPolicy());
    }

    private static int serve(Gate gate, String token) throws IOException {
        GatewayServer server = new GatewayServer.GatewayServerBuilder(gate).serverSocketFactory(new WholeAnswers())
            .javaPort(0).javaAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1})).authToken(token).build();
        server.start();
        return server.getListeningPort();
    }

    private static void endWith(BufferedReader stdin, Path scratch) {
        Thread watch = new Thread(() -> {
            try {
                while (stdin.readLine() != null) { // nothing else is said
                    continue;
                }
            } catch (IOException gone) {
                gone.printStackTrace();
            }
            delete(scratch);
            Runtime.getRuntime().halt(0); // Dubbo's farewell takes seconds, and nobody is registered anywhere
        }, "stdin");
        watch.setDaemon(true);
        watch.start();
    }

    private static void delete(Path folder) {
        try (var all = Files.walk(folder)) {
            all.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | java.io.UncheckedIOException gone) {
            return; // the other side cleans up too
        }
    }
}
