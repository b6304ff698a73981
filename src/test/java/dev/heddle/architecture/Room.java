package dev.heddle.architecture;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One row of the table in docs/architecture.md: a room, the rooms it may import, and the third-party packages it may use.
 * The JDK, jspecify and the room {@code tree} are open to all.
 *
 * @param name the package below {@code dev.heddle}
 * @param rooms names of rooms; {@code "*"} is every room, {@code "graph.*"} every room of the engine
 * @param libraries package prefixes, such as {@code "com.fasterxml.jackson"}
 */
record Room(String name, Set<String> rooms, Set<String> libraries) {
    private static final String JACKSON = "com.fasterxml.jackson";
    private static final String LANGCHAIN4J = "dev.langchain4j";
    private static final String LAMBDA_TYPES = "com.amazonaws.services.lambda.runtime";
    private static final String AWS_SDK = "software.amazon.awssdk";

    private static final String TREE = "tree";
    private static final Set<String> FOR_ALL = Set.of("java", "javax.crypto", "javax.net", "org.jspecify.annotations");

    /** The table, row by row. A depending room comes after what it depends on. */
    static final List<Room> TABLE = List.of(
            room(TREE),
            // engine
            room("graph.types"),
            room("graph.channel").imports("graph.types"),
            room("graph.checkpoint").imports("graph.types"),
            room("graph.store").imports("graph.types"),
            room("graph.pregel").imports("graph.types", "graph.channel", "graph.checkpoint", "graph.store"),
            room("graph.state").imports("graph.*"),
            // models
            room("llm.types"),
            room("observe"),
            room("llm.policy").imports("llm.types", "observe"),
            room("llm.gateway").imports("llm.types", "llm.policy", "observe"),
            // Jackson: arguments and schemas of tools are JSON on a vendor's wire; observe: the probe behind /ready
            room("llm.provider").imports("llm.types", "observe").uses(LANGCHAIN4J, JACKSON),
            // agent
            room("webhook").imports("observe"),
            room("agent.message").imports("llm.types", "graph.types", "graph.channel", "graph.state"),
            room("agent.tool").imports("agent.message", "llm.types", "graph.*", "observe", "webhook"),
            room("agent").imports("agent.tool", "agent.message", "llm.types", "graph.*", "observe"),
            // service
            room("run").imports("graph.*", "observe", "llm.types", "webhook"),
            room("wire").imports("graph.types", "llm.types", "run").uses(JACKSON),
            room("auth").imports("llm.types", "observe").uses("com.nimbusds"),
            room("http")
                    .imports("run", "wire", "auth", "webhook", "observe", "graph.types", "graph.state", "llm.types")
                    .uses(JACKSON),
            // edges
            // observe: the loop tells the Observer of each invocation
            room("lambda").imports("http", "run", "observe").uses(JACKSON, LAMBDA_TYPES),
            // graph.store: the search and filter rules that every Store shares
            room("dynamodb")
                    .imports(
                            "graph.types",
                            "graph.checkpoint",
                            "graph.store",
                            "run",
                            "agent.tool",
                            "observe",
                            "llm.types",
                            "wire")
                    .uses(AWS_SDK),
            room("sqs").imports("run").uses(AWS_SDK),
            room("secrets").imports("observe").uses(AWS_SDK),
            room("telemetry").imports("observe").uses("io.opentelemetry"),
            room("tailscale").imports("llm.types", "observe").uses(AWS_SDK),
            room("cli")
                    .imports("run", "agent", "wire", "graph.types", "graph.state", "llm.types")
                    .uses("picocli"),
            room("app")
                    .imports("*")
                    .uses(
                            "io.quarkus",
                            "jakarta",
                            "org.eclipse.microprofile.config",
                            JACKSON,
                            LANGCHAIN4J,
                            LAMBDA_TYPES,
                            AWS_SDK));

    private static Room room(String name) {
        return new Room(name, Set.of(), Set.of());
    }

    private Room imports(String... names) {
        return new Room(name, Set.of(names), libraries);
    }

    private Room uses(String... packages) {
        return new Room(name, rooms, Set.of(packages));
    }

    boolean mayImport(String other) {
        return other.equals(name)
                || other.equals(TREE)
                || rooms.contains("*")
                || rooms.contains(other)
                || (rooms.contains("graph.*") && other.startsWith("graph."));
    }

    @Override
    public String toString() {
        return name;
    }

    boolean mayUse(String packageName) {
        return Stream.concat(FOR_ALL.stream(), libraries.stream())
                .anyMatch(prefix -> packageName.equals(prefix) || packageName.startsWith(prefix + "."));
    }
}
