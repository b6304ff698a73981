package dev.heddle.local.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Where invocations of {@link FakeFunction} ask a test what to do. */
final class Puppeteer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final Map<String, BlockingQueue<Puppet>> puppets = new ConcurrentHashMap<>();

    Puppeteer() throws IOException {
        Thread.startVirtualThread(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    String[] hello = new BufferedReader(
                                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                            .readLine()
                            .split(" ", -1);
                    of(hello[0]).add(new Puppet(Long.parseLong(hello[1]), hello[2], socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    String port() {
        return Integer.toString(server.getLocalPort());
    }

    /** The next invocation for a path; waits for it. */
    Puppet await(String path) throws InterruptedException {
        Puppet puppet = of(path).poll(60, TimeUnit.SECONDS);
        if (puppet == null) {
            throw new AssertionError("no invocation for " + path);
        }
        return puppet;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private BlockingQueue<Puppet> of(String path) {
        return puppets.computeIfAbsent(path, p -> new LinkedBlockingQueue<>());
    }

    /** One invocation that waits for commands. */
    record Puppet(long pid, String requestId, Socket socket) {
        /** Sends commands, see {@link FakeFunction}. */
        void send(String... commands) {
            try {
                for (String command : commands) {
                    socket.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
