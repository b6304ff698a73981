package dev.heddle.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Does several requests at once, each on a virtual worker, but not more than the service and the sockets bear. */
final class Parallel {
    private static final int AT_ONCE = 8;

    private Parallel() {}

    /**
     * The results, in order, when all have ended. When some fail, the first failure is thrown, after all have ended: no
     * request is under way any more when this returns.
     *
     * @throws InterruptedException if the caller is interrupted; the requests are too
     */
    static <T> List<T> all(List<? extends Callable<T>> requests) throws InterruptedException, ExecutionException {
        List<T> results = new ArrayList<>();
        Semaphore places = new Semaphore(AT_ONCE);
        List<Callable<T>> bounded = new ArrayList<>();
        for (Callable<T> request : requests) {
            bounded.add(() -> {
                places.acquire();
                try {
                    return request.call();
                } finally {
                    places.release();
                }
            });
        }
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> future : workers.invokeAll(bounded)) {
                results.add(future.get());
            }
        }
        return results;
    }
}
