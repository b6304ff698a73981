package dev.heddle.app;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import jakarta.inject.Named;
import java.io.InputStream;
import java.io.OutputStream;

/** The handler without which a Quarkus Lambda does not build. Its loop is parked ({@link Main}), so nobody calls it. */
@Named("parked")
public final class ParkedHandler implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) {
        throw new IllegalStateException("The built-in loop was called, expected Heddle's own. See app.Main.");
    }
}
