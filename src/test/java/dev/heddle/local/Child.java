package dev.heddle.local;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * Runs another main class in this process and ends the process when its parent is gone, however that went: the parent
 * holds the other end of standard input. Arguments: the main class, then its own.
 */
final class Child {
    private Child() {}

    public static void main(String[] args) throws Throwable {
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
        MethodHandles.publicLookup()
                .findStatic(Class.forName(args[0]), "main", MethodType.methodType(void.class, String[].class))
                .invoke(Arrays.copyOfRange(args, 1, args.length));
    }
}
