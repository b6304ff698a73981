package dev.heddle.local.gateway;

import dev.heddle.local.gateway.GatewayEvents.Incoming;
import dev.heddle.local.gateway.Invocation.Piece;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The gateway's side towards clients: request in, event out, reply back. Safe for concurrent use. */
final class ClientHandler {
    /** API Gateway's limit. */
    private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;
    /** Lambda's limit as it is enforced. */
    private static final int MAX_EVENT_BYTES = 6 * 1024 * 1024 + 100;

    private final LocalGateway.Options options;
    private final EnvironmentPool pool;

    ClientHandler(LocalGateway.Options options, EnvironmentPool pool) {
        this.options = options;
        this.pool = pool;
    }

    /** Serves a connection until one of both sides has enough of it. */
    void serve(HttpConnection connection) {
        try {
            Optional<MessageHead> head = connection.readHead();
            while (head.isPresent()
                    && handle(connection, head.get())
                    && head.get().keepsAlive()) {
                head = connection.readHead();
            }
        } catch (ProtocolException e) {
            refuseAndDrain(connection, 400, "Bad Request");
        } catch (IOException gone) {
            // the client is told nothing more, and the function is not told at all
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers one request; false when the connection must be closed. */
    private boolean handle(HttpConnection connection, MessageHead head) throws IOException, InterruptedException {
        long announced = head.header("content-length")
                .filter(length -> length.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(0L);
        if (announced > MAX_BODY_BYTES) {
            return refuseAndDrain(connection, 413, "Request Too Long");
        }
        byte[] body = connection.body(head).readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            return refuseAndDrain(connection, 413, "Request Too Long");
        }
        String id = UUID.randomUUID().toString();
        byte[] event =
                GatewayEvents.event(options.payloadFormat(), new Incoming(head, body, id, "127.0.0.1", Instant.now()));
        if (event.length > MAX_EVENT_BYTES) {
            return refuse(connection, id, 413, "Request Too Long");
        }
        String trace = "Root=1-%08x-%s;Sampled=0"
                .formatted(Instant.now().getEpochSecond(), id.replace("-", "").substring(0, 24));
        Invocation invocation = new Invocation(id, event, trace);
        try {
            pool.dispatch(invocation);
            return passOn(connection, head, invocation);
        } finally {
            invocation.abandon();
        }
    }

    private boolean passOn(HttpConnection connection, MessageHead request, Invocation invocation)
            throws IOException, InterruptedException {
        boolean started = false;
        boolean framed = false;
        boolean bodiless = false;
        while (true) {
            // before its first byte a function may think as long as it may run; its environment watches over that
            Piece piece = invocation.take(started ? options.idleTimeout() : Duration.ofDays(1));
            switch (piece) {
                case null -> {
                    options.lines()
                            .accept("gateway: request " + invocation.id() + ": stream silent for "
                                    + options.idleTimeout() + ", client cut off");
                    return false;
                }
                case Piece.Head head -> {
                    started = true;
                    bodiless = request.method().equals("HEAD") || head.status() == 204 || head.status() == 304;
                    framed = !bodiless && request.version().equals("HTTP/1.1");
                    List<Header> headers = new ArrayList<>(head.headers());
                    headers.add(new Header("x-amzn-RequestId", invocation.id()));
                    headers.add(
                            framed ? new Header("Transfer-Encoding", "chunked") : new Header("Connection", "close"));
                    connection.writeHead(head.status(), headers);
                    connection.flush();
                }
                case Piece.Data data -> {
                    if (framed) {
                        connection.writeChunk(data.bytes());
                        connection.flush();
                    } else if (!bodiless) {
                        connection.write(data.bytes());
                        connection.flush();
                    }
                }
                case Piece.End end -> {
                    if (framed) {
                        connection.writeLastChunk();
                        connection.flush();
                    }
                    return framed;
                }
                case Piece.Failed failed -> {
                    if (started) {
                        return false;
                    }
                    return failed.timedOut()
                            ? refuse(connection, invocation.id(), 504, "Endpoint request timed out")
                            : refuse(connection, invocation.id(), 502, "Internal server error");
                }
            }
        }
    }

    private static boolean refuse(HttpConnection connection, String id, int status, String message) throws IOException {
        connection.reply(
                status,
                List.of(new Header("Content-Type", "application/json"), new Header("x-amzn-RequestId", id)),
                ("{\"message\": \"" + message + "\"}").getBytes(StandardCharsets.UTF_8));
        return true;
    }

    /** Refuses what was not read to its end; such a connection is of no more use. */
    private static boolean refuseAndDrain(HttpConnection connection, int status, String message) {
        try {
            connection.reply(
                    status,
                    List.of(new Header("Content-Type", "application/json"), new Header("Connection", "close")),
                    ("{\"message\": \"" + message + "\"}").getBytes(StandardCharsets.UTF_8));
            connection.drain();
        } catch (IOException gone) {
            // then nobody wants the answer
        }
        return false;
    }
}
