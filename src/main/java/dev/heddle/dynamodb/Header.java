package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.Checkpoint;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.types.CheckpointMetadata;
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
 * @param places where its content stands
 */
record Header(
        String attempt,
        @Nullable String replaced,
        @Nullable String parentId,
        Checkpoint checkpoint,
        CheckpointMetadata metadata,
        Places places) {

    String id() {
        return checkpoint.id();
    }

    /** What holds at a checkpoint that is about to be stored: what held at its parent, and what it changes. */
    static Checkpoint complete(NewCheckpoint next, @Nullable Header parent) {
        TreeMap<String, Long> versions = new TreeMap<>();
        SortedMap<String, SortedMap<String, Long>> seen = new TreeMap<>();
        if (parent != null) {
            versions.putAll(parent.checkpoint.channelVersions());
            seen.putAll(parent.checkpoint.versionsSeen());
        }
        versions.putAll(next.changes().versions());
        next.changes().seen().forEach((node, more) -> {
            TreeMap<String, Long> all = new TreeMap<>(seen.getOrDefault(node, new TreeMap<>()));
            all.putAll(more);
            seen.put(node, all);
        });
        return new Checkpoint(next.id(), next.createdAt(), versions, seen, new TreeSet<>(next.updated()));
    }

    /** The same, hanging elsewhere and with its content elsewhere. */
    Header moved(@Nullable String newReplaced, @Nullable String newParentId, Places newPlaces) {
        return new Header(attempt, newReplaced, newParentId, checkpoint, metadata, newPlaces);
    }

    /** All but the id, attempt, replaced head and parent, which are attributes of the item. */
    Tree.Fields body() {
        Map<String, Tree> seen = new LinkedHashMap<>();
        checkpoint.versionsSeen().forEach((node, versions) -> seen.put(node, longs(versions)));
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
        if (!metadata.extra().fields().isEmpty()) {
            body.put("extra", metadata.extra());
        }
        places.addTo(body);
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
                new CheckpointMetadata(
                        CheckpointMetadata.Source.valueOf(text(body, "source").toUpperCase(Locale.ROOT)),
                        Codecs.integer(body.get("step"), "Header"),
                        text(body, "run"),
                        text(body, "graph"),
                        parents,
                        new Tree.Fields(optionalFields(body, "extra"))),
                Places.of(body));
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

    static Map<String, Tree> fields(Tree.Fields body, String name) {
        return Codecs.fields(body.get(name), "Header").fields();
    }

    /** The map under {@code name}; empty when it is left out because it has no entries. */
    static Map<String, Tree> optionalFields(Tree.Fields body, String name) {
        return body.fields().containsKey(name) ? fields(body, name) : Map.of();
    }

    private static String text(Tree.Fields body, String name) {
        return Codecs.text(body.get(name), "Header");
    }
}
