package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.Checkpoint;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a checkpoint besides large values.
 *
 * @param attempt which saver wrote it; part of the keys of what belongs to it
 * @param replaced the head that it replaced; null for the first of its namespace
 * @param parentId the checkpoint from which it was made
 * @param references channel -> where its value stands, for every channel that is not empty
 * @param inline channel -> value, of those that this checkpoint wrote and that are small
 */
record Header(
        String attempt,
        @Nullable String replaced,
        @Nullable String parentId,
        Checkpoint checkpoint,
        Checkpoint.Metadata metadata,
        Map<String, Reference> references,
        Map<String, Tree> inline) {

    /**
     * Where a value stands.
     *
     * @param writer the checkpoint that wrote it
     * @param attempt the attempt of that checkpoint
     * @param parts how many items it fills; 0 when it is inline in the writer's header
     */
    record Reference(String writer, String attempt, int parts) {}

    String id() {
        return checkpoint.id();
    }

    /** All but the id, attempt, replaced head and parent, which are attributes of the item. */
    Tree.Fields body() {
        Map<String, Tree> seen = new LinkedHashMap<>();
        checkpoint.versionsSeen().forEach((node, versions) -> seen.put(node, longs(versions)));
        Map<String, Tree> places = new LinkedHashMap<>();
        new TreeMap<>(references)
                .forEach((channel, place) -> places.put(
                        channel, Tree.of(List.of(Tree.of(place.writer()), Tree.of(place.attempt()), Tree.of((long)
                                place.parts())))));
        Map<String, Tree> parents = new LinkedHashMap<>();
        new TreeMap<>(metadata.parents()).forEach((namespace, id) -> parents.put(namespace, Tree.of(id)));
        Map<String, Tree> body = new LinkedHashMap<>();
        body.put("created", Tree.of(checkpoint.createdAt().toString()));
        body.put("versions", longs(checkpoint.channelVersions()));
        body.put("seen", new Tree.Fields(seen));
        body.put(
                "updated",
                Tree.of(checkpoint.updatedChannels().stream().map(Tree::of).toList()));
        body.put("source", Tree.of(metadata.source().name().toLowerCase(Locale.ROOT)));
        body.put("step", Tree.of(metadata.step()));
        body.put("run", Tree.of(metadata.runId()));
        body.put("graph", Tree.of(metadata.graphVersion()));
        body.put("parents", new Tree.Fields(parents));
        body.put("values", new Tree.Fields(places));
        body.put("inline", new Tree.Fields(new TreeMap<>(inline)));
        return new Tree.Fields(body);
    }

    static Header of(
            String id, String attempt, @Nullable String replaced, @Nullable String parentId, Tree.Fields body) {
        SortedMap<String, SortedMap<String, Long>> seen = new TreeMap<>();
        fields(body, "seen").forEach((node, versions) -> seen.put(node, longs(versions)));
        List<String> updated = new ArrayList<>();
        Codecs.items(body.get("updated"), "Header").forEach(channel -> updated.add(Codecs.text(channel, "Header")));
        Map<String, String> parents = new HashMap<>();
        fields(body, "parents").forEach((namespace, parent) -> parents.put(namespace, Codecs.text(parent, "Header")));
        Map<String, Reference> references = new HashMap<>();
        fields(body, "values").forEach((channel, place) -> references.put(channel, reference(place)));
        return new Header(
                attempt,
                replaced,
                parentId,
                new Checkpoint(
                        id,
                        Instant.parse(text(body, "created")),
                        longs(body.get("versions")),
                        seen,
                        new TreeSet<>(updated)),
                new Checkpoint.Metadata(
                        Checkpoint.Source.valueOf(text(body, "source").toUpperCase(Locale.ROOT)),
                        Codecs.integer(body.get("step"), "Header"),
                        text(body, "run"),
                        text(body, "graph"),
                        parents),
                references,
                fields(body, "inline"));
    }

    private static Reference reference(Tree place) {
        List<Tree> facts = Codecs.items(place, "Header");
        return new Reference(
                Codecs.text(facts.get(0), "Header"),
                Codecs.text(facts.get(1), "Header"),
                Math.toIntExact(Codecs.integer(facts.get(2), "Header")));
    }

    private static Tree.Fields longs(SortedMap<String, Long> numbers) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        numbers.forEach((name, number) -> fields.put(name, Tree.of(number)));
        return new Tree.Fields(fields);
    }

    private static SortedMap<String, Long> longs(Tree tree) {
        SortedMap<String, Long> numbers = new TreeMap<>();
        Codecs.fields(tree, "Header")
                .fields()
                .forEach((name, number) -> numbers.put(name, Codecs.integer(number, "Header")));
        return numbers;
    }

    private static Map<String, Tree> fields(Tree.Fields body, String name) {
        return Codecs.fields(body.get(name), "Header").fields();
    }

    private static String text(Tree.Fields body, String name) {
        return Codecs.text(body.get(name), "Header");
    }
}
