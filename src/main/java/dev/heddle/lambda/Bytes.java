package dev.heddle.lambda;

import java.io.ByteArrayOutputStream;

/** Puts byte arrays together, so that what belongs together goes out in one packet. */
final class Bytes {
    private Bytes() {}

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
