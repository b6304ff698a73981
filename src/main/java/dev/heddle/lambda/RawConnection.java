package dev.heddle.lambda;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * One plain socket to the Runtime API. The JDK's HTTP clients cannot send trailers, which end a failed stream; on
 * loopback there is no TLS to miss.
 *
 * <p>For one worker at a time. Interrupting a worker (a virtual thread) that waits here closes the socket: that is how
 * a poll is ended.
 */
final class RawConnection implements Closeable {
    private static final int CONNECT_MILLIS = 2_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /**
     * Connects.
     *
     * @param patience the longest silence while we wait for an answer; zero to wait for ever
     */
    static RawConnection open(String host, int port, Duration patience) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true); // a token is a small packet, and must not wait for the next one
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            return new RawConnection(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends these bytes now. */
    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Waits for the answer and reads it. */
    HttpAnswer receive() throws IOException {
        return HttpAnswer.read(in);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing more can be done for it, and nothing is lost: whoever cares has read the answer
        }
    }
}
