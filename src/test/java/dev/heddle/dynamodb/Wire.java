package dev.heddle.dynamodb;

import dev.heddle.local.DynamoDbLocal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** The way between client and service: counts and measures what is sent, and breaks when it is told to. */
final class Wire implements ExecutionInterceptor {
    /** Where a request is lost. */
    enum Lost {
        /** The service never gets it. */
        REQUEST,
        /** The service has done it and the client does not learn of it. */
        REPLY
    }

    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> operations = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger largestItem = new AtomicInteger();
    private final AtomicInteger sentBytes = new AtomicInteger();
    private volatile int breakAt = Integer.MAX_VALUE;
    private volatile int mendAt = Integer.MAX_VALUE;
    private volatile Lost lost = Lost.REQUEST;
    private volatile @Nullable IOException cause;

    /** From the request with this number (1 is the next) on, nothing gets through: as if the process had died. */
    void breakAt(int number, Lost lost) {
        requests.set(0);
        operations.clear();
        sentBytes.set(0);
        this.lost = lost;
        this.cause = null;
        mendAt = Integer.MAX_VALUE;
        breakAt = number;
    }

    /** Loses the reply to this one request in a way that the SDK tries again. */
    void loseReplyOnce(int number) {
        breakAt(number, Lost.REPLY);
        cause = new IOException("connection reset");
        mendAt = number + 1;
    }

    void mend() {
        breakAt(Integer.MAX_VALUE, Lost.REQUEST);
    }

    int requests() {
        return requests.get();
    }

    List<String> operations() {
        return List.copyOf(operations);
    }

    /** Bytes of all items that were put since the last break or mend. */
    int sentBytes() {
        return sentBytes.get();
    }

    int largestItem() {
        return largestItem.get();
    }

    /** A client over this wire. */
    DynamoDbClient client() {
        return DynamoDbLocal.shared()
                .clientBuilder()
                .overrideConfiguration(call -> call.addExecutionInterceptor(this))
                .build();
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        int number = requests.incrementAndGet();
        String operation = context.request().getClass().getSimpleName().replace("Request", "");
        operations.add(operation);
        if (isBroken(number) && lost == Lost.REQUEST) {
            throw SdkClientException.create("request " + number + " lost");
        }
        attributes.putAttribute(NUMBER, number);
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        int number = attributes.getAttribute(NUMBER);
        if (isBroken(number) && lost == Lost.REPLY) {
            throw SdkClientException.create("reply " + number + " lost", cause);
        }
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        switch (context.request()) {
            case PutItemRequest put -> measure(put.item());
            case BatchWriteItemRequest batch ->
                batch.requestItems().values().stream()
                        .flatMap(List::stream)
                        .filter(write -> write.putRequest() != null)
                        .forEach(write -> measure(write.putRequest().item()));
            default -> {}
        }
    }

    private boolean isBroken(int number) {
        return number >= breakAt && number < mendAt;
    }

    private void measure(Map<String, AttributeValue> item) {
        int bytes = 0;
        for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
            AttributeValue value = attribute.getValue();
            bytes += attribute.getKey().length();
            bytes += switch (value.type()) {
                case B -> value.b().asByteArrayUnsafe().length;
                case S -> value.s().getBytes(StandardCharsets.UTF_8).length;
                case N -> 21;
                default -> throw new AssertionError("an attribute of type " + value.type());
            };
        }
        largestItem.accumulateAndGet(bytes, Math::max);
        sentBytes.addAndGet(bytes);
    }

    private static final ExecutionAttribute<Integer> NUMBER = new ExecutionAttribute<>("number");
}
