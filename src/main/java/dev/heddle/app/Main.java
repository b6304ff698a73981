package dev.heddle.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Spike. */
@QuarkusMain
public final class Main {
    private Main() {}

    /** Starts the function. */
    public static void main(String... args) {
        Quarkus.run(App.class, args);
    }

    static final class App implements QuarkusApplication {
        @Override
        public int run(String... args) {
            System.out.println("hello");
            return 0;
        }
    }
}
