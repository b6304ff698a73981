package dev.heddle.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Where the process begins, in JVM and native mode alike: parks the poll loop that Quarkus brings, then runs ours.
 *
 * <p>Quarkus' own loop buffers replies and knows no trailers. It cannot be left out of a build, but it asks the property
 * below for its address first: there it finds a port on which nobody ever answers, and waits for good. See {@code
 * docs/adr/0003-own-poll-loop-beside-quarkus.md}.
 */
@QuarkusMain
public final class Main {
    private static final String QUARKUS_LOOP_ADDRESS = "quarkus-internal.aws-lambda.test-api";

    private static final String MOST_IDLE_CONNECTIONS = "64";

    private Main() {}

    /** Starts the function; returns when it is told to stop. */
    public static void main(String... args) {
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // HttpURLConnection, under the AWS SDK, keeps 5 connections of all; concurrent invocations need more.
            System.setProperty("http.maxConnections", MOST_IDLE_CONNECTIONS);
            System.setProperty(QUARKUS_LOOP_ADDRESS, "127.0.0.1:" + nobody.getLocalPort());
            Quarkus.run(Function.class, args);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Quarkus runs once it is up. */
    public static final class Function implements QuarkusApplication {
        @Override
        public int run(String... args) {
            return Heddle.run(System.getenv());
        }
    }
}
