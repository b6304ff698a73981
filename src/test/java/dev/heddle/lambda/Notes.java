package dev.heddle.lambda;

import dev.heddle.observe.Observer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** Keeps what was noted, and waits for it. */
final class Notes implements Observer {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Map<String, BlockingQueue<Map<String, Object>>> facts = new ConcurrentHashMap<>();

    @Override
    public void note(String event, Map<String, ?> facts) {
        events.add(event);
        queue(event).add(Map.copyOf(facts));
    }

    /** Everything so far, in order. */
    List<String> events() {
        return events;
    }

    /** Waits for an event that was not taken yet; gives its facts. */
    Map<String, Object> take(String event) throws InterruptedException {
        return ScriptedRuntimeApi.poll(queue(event), "the note " + event);
    }

    private BlockingQueue<Map<String, Object>> queue(String event) {
        return facts.computeIfAbsent(event, e -> new LinkedBlockingQueue<>());
    }
}
