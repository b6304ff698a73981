package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The table and its client: reads are consistent, batches are finished or fail, faults become {@link
 * CheckpointException}s. Safe for concurrent use.
 */
final class Table implements AutoCloseable {
    /** Version of every item's form, in attribute {@code v}. */
    static final int FORMAT = 1;

    private static final int MAX_BATCH_WRITE = 25;
    private static final int MAX_BATCH_WRITE_BYTES = 4_000_000;
    private static final int MAX_BATCH_GET = 100;
    private static final int MAX_ROUNDS_WITHOUT_PROGRESS = 8;
    private static final long FIRST_PAUSE_MILLIS = 25;

    private final String name;
    private final Supplier<DynamoDbClient> factory;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable DynamoDbClient client;

    Table(String name, Supplier<DynamoDbClient> factory) {
        this.name = name;
        this.factory = factory;
    }

    String name() {
        return name;
    }

    private DynamoDbClient client() {
        DynamoDbClient existing = client;
        if (existing != null) {
            return existing;
        }
        lock.lock();
        try {
            existing = client;
            if (existing == null) {
                existing = factory.get();
                client = existing;
            }
            return existing;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        DynamoDbClient existing = client;
        if (existing != null) {
            existing.close();
        }
    }

    /** Makes a request; what the service or the way to it says against it becomes {@link CheckpointException}. */
    <T> T calling(Function<DynamoDbClient, T> request) {
        try {
            return request.apply(client());
        } catch (SdkException e) {
            throw unavailable(e);
        }
    }

    /** Makes requests at once; see {@link Parallel#all}. */
    <T> List<T> together(List<? extends Callable<T>> requests) {
        try {
            return Parallel.all(requests);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckpointException.Unavailable(
                    "Table '" + name + "': interrupted, expected to wait for a reply, got a cancellation."
                            + " Send the request again.",
                    e);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case RuntimeException cause -> cause;
                case Error cause -> throw cause;
                case null, default -> new IllegalStateException(e);
            };
        }
    }

    CheckpointException unavailable(SdkException e) {
        return new CheckpointException.Unavailable(problem(e), e);
    }

    /** What is wrong and what to do about it, in one line. */
    String problem(SdkException e) {
        return "Table '" + name + "': "
                + switch (e) {
                    case ResourceNotFoundException missing ->
                        "not found, expected it to exist, got none. Create it: " + TableDefinition.command(name);
                    case DynamoDbException refused
                    when refused.awsErrorDetails() != null ->
                        "request refused, expected status 200, got " + refused.statusCode() + " ("
                                + refused.awsErrorDetails().errorCode()
                                + "). Check the table's keys, the permissions and the service's health, then try again.";
                    default ->
                        "no answer, expected one in time, got "
                                + e.getClass().getSimpleName()
                                + ". Check network, region, credentials and AWS_ENDPOINT_URL_DYNAMODB, then try again.";
                };
    }

    /** The item under this key, if there is one. */
    Optional<Map<String, AttributeValue>> get(String pk, String sk) {
        return calling(dynamo -> {
            var reply =
                    dynamo.getItem(get -> get.tableName(name).key(key(pk, sk)).consistentRead(true));
            return reply.hasItem() ? Optional.of(readable(reply.item())) : Optional.empty();
        });
    }

    /** The items under these keys, by sort key; those that are missing are left out. */
    Map<String, Map<String, AttributeValue>> getAll(String pk, List<String> sks) {
        List<Callable<Map<String, Map<String, AttributeValue>>>> batches = new ArrayList<>();
        for (int begin = 0; begin < sks.size(); begin += MAX_BATCH_GET) {
            List<String> batch = sks.subList(begin, Math.min(sks.size(), begin + MAX_BATCH_GET));
            batches.add(() -> getBatch(pk, batch));
        }
        Map<String, Map<String, AttributeValue>> found = new HashMap<>();
        (batches.size() > 1
                        ? together(batches)
                        : batches.isEmpty()
                                ? List.<Map<String, Map<String, AttributeValue>>>of()
                                : List.of(getBatch(pk, sks)))
                .forEach(found::putAll);
        return found;
    }

    private Map<String, Map<String, AttributeValue>> getBatch(String pk, List<String> sks) {
        Map<String, Map<String, AttributeValue>> found = new HashMap<>();
        List<Map<String, AttributeValue>> wanted =
                sks.stream().map(sk -> key(pk, sk)).toList();
        int idle = 0;
        while (!wanted.isEmpty()) {
            List<Map<String, AttributeValue>> asked = wanted;
            var reply = calling(dynamo -> dynamo.batchGetItem(get -> get.requestItems(Map.of(
                    name,
                    KeysAndAttributes.builder().keys(asked).consistentRead(true).build()))));
            List<Map<String, AttributeValue>> items = reply.responses().getOrDefault(name, List.of());
            items.forEach(item -> found.put(text(item, Keys.SK), readable(item)));
            KeysAndAttributes rest = reply.unprocessedKeys().get(name);
            wanted = rest == null ? List.of() : rest.keys();
            // More than 16 MB come in several rounds, which is no reason to wait.
            idle = items.isEmpty() && !wanted.isEmpty() ? pause(idle) : 0;
        }
        return found;
    }

    /** Items of this partition in the order of the request, until {@code visitor} says that it has seen enough. */
    void query(QueryRequest.Builder request, Predicate<Map<String, AttributeValue>> visitor) {
        request.tableName(name).consistentRead(true);
        QueryResponse page;
        do {
            page = calling(dynamo -> dynamo.query(request.build()));
            for (Map<String, AttributeValue> item : page.items()) {
                if (!visitor.test(readable(item))) {
                    return;
                }
            }
            request.exclusiveStartKey(page.lastEvaluatedKey());
        } while (page.hasLastEvaluatedKey() && !page.lastEvaluatedKey().isEmpty());
    }

    /** Asks for everything in a partition. */
    static QueryRequest.Builder all(String pk) {
        return QueryRequest.builder()
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", text(pk)));
    }

    /** Asks for everything in a partition whose sort key begins like this. */
    static QueryRequest.Builder beginning(String pk, String prefix) {
        return QueryRequest.builder()
                .keyConditionExpression("pk = :pk AND begins_with(sk, :prefix)")
                .expressionAttributeValues(Map.of(":pk", text(pk), ":prefix", text(prefix)));
    }

    /** Deletes the items under these keys; those that are not there are deleted already. */
    void deleteAll(String pk, List<String> sks) {
        together(writing(
                sks.stream()
                        .map(sk -> WriteRequest.builder()
                                .deleteRequest(delete -> delete.key(key(pk, sk)))
                                .build())
                        .toList(),
                request -> 0));
    }

    /** The tasks that write these requests, a batch each; to be done at once with others. */
    List<Callable<Boolean>> writing(List<WriteRequest> requests, Function<WriteRequest, Integer> bytes) {
        List<Callable<Boolean>> batches = new ArrayList<>();
        List<WriteRequest> batch = new ArrayList<>();
        int size = 0;
        for (WriteRequest request : requests) {
            int more = bytes.apply(request);
            if (batch.size() == MAX_BATCH_WRITE || (!batch.isEmpty() && size + more > MAX_BATCH_WRITE_BYTES)) {
                List<WriteRequest> full = batch;
                batches.add(() -> write(full));
                batch = new ArrayList<>();
                size = 0;
            }
            batch.add(request);
            size += more;
        }
        if (!batch.isEmpty()) {
            List<WriteRequest> last = batch;
            batches.add(() -> write(last));
        }
        return batches;
    }

    private boolean write(List<WriteRequest> batch) {
        List<WriteRequest> wanted = batch;
        int idle = 0;
        while (!wanted.isEmpty()) {
            List<WriteRequest> asked = wanted;
            var reply = calling(dynamo -> dynamo.batchWriteItem(write -> write.requestItems(Map.of(name, asked))));
            wanted = reply.unprocessedItems().getOrDefault(name, List.of());
            if (!wanted.isEmpty()) {
                idle = pause(wanted.size() < asked.size() ? 0 : idle);
            }
        }
        return true;
    }

    /** Waits, longer each time, and counts; the service asks for it by leaving parts of a batch undone. */
    private int pause(int idle) {
        if (idle == MAX_ROUNDS_WITHOUT_PROGRESS) {
            throw new CheckpointException.Unavailable(
                    "Table '" + name + "': throttled, expected progress within " + MAX_ROUNDS_WITHOUT_PROGRESS
                            + " tries, got none. Try again later or raise the table's limits.",
                    null);
        }
        long most = FIRST_PAUSE_MILLIS << idle;
        try {
            Thread.sleep(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckpointException.Unavailable(
                    "Table '" + name + "': interrupted, expected to wait for capacity, got a cancellation."
                            + " Send the request again.",
                    e);
        }
        return idle + 1;
    }

    private Map<String, AttributeValue> readable(Map<String, AttributeValue> item) {
        AttributeValue format = item.get("v");
        if (format != null && format.n() != null && Integer.parseInt(format.n()) > FORMAT) {
            throw new CheckpointException.Unreadable(
                    "Table '" + name + "': item of a newer version, expected at most format " + FORMAT + ", got "
                            + format.n() + ". Deploy the version that wrote it, or a later one.",
                    null);
        }
        return item;
    }

    static Map<String, AttributeValue> key(String pk, String sk) {
        return Map.of(Keys.PK, text(pk), Keys.SK, text(sk));
    }

    /** A new item with its key and format. */
    static Map<String, AttributeValue> item(String pk, String sk) {
        Map<String, AttributeValue> item = new HashMap<>(key(pk, sk));
        item.put("v", number(FORMAT));
        return item;
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    static AttributeValue bytes(byte[] value) {
        return AttributeValue.fromB(SdkBytes.fromByteArray(value));
    }

    /** The text under {@code name}. */
    static String text(Map<String, AttributeValue> item, String name) {
        String text = optionalText(item, name);
        if (text == null) {
            throw incomplete(name);
        }
        return text;
    }

    static @Nullable String optionalText(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    /** The number under {@code name}, or 0. */
    static int count(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : Integer.parseInt(value.n());
    }

    static byte[] bytes(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null || value.b() == null) {
            throw incomplete(name);
        }
        return value.b().asByteArray();
    }

    private static CheckpointException incomplete(String attribute) {
        return new CheckpointException.Unreadable(
                "Table: item incomplete, expected attribute '" + attribute
                        + "', got none. It was changed by hand or by another program; restore it from a backup.",
                null);
    }
}
