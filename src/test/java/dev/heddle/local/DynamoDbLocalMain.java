package dev.heddle.local;

import java.io.IOException;
import java.lang.reflect.Field;

/**
 * The process of {@link DynamoDbLocal}: runs DynamoDB Local on this machine's own address alone (its own main class listens
 * on all, and takes any credentials), and ends when its parent is gone, however that went: the parent holds the other end of
 * standard input. Arguments as for DynamoDB Local. Its classes are not on our class path, hence the reflection.
 */
final class DynamoDbLocalMain {
    private static final String RUNNER = "software.amazon.dynamodb.services.local.main.ServerRunner";

    private DynamoDbLocalMain() {}

    /** Serves until the parent is gone. */
    public static void main(String[] args) throws Exception {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nobody writes; the end of the stream is the news.
                }
            } catch (IOException e) {
                // The same news.
            }
            Runtime.getRuntime().halt(0);
        });
        Object proxy = Class.forName(RUNNER)
                .getMethod("createServerFromCommandLineArgs", String[].class)
                .invoke(null, (Object) args);
        Field field = proxy.getClass().getDeclaredField("server");
        field.setAccessible(true);
        Object jetty = field.get(proxy);
        for (Object connector :
                (Object[]) jetty.getClass().getMethod("getConnectors").invoke(jetty)) {
            connector.getClass().getMethod("setHost", String.class).invoke(connector, "127.0.0.1");
        }
        proxy.getClass().getMethod("start").invoke(proxy);
        proxy.getClass().getMethod("join").invoke(proxy);
    }
}
