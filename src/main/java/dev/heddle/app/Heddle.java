package dev.heddle.app;

import dev.heddle.agent.AssistantGraph;
import dev.heddle.agent.tool.BuiltInTools;
import dev.heddle.agent.tool.ToolNode;
import dev.heddle.dynamodb.DynamoDb;
import dev.heddle.dynamodb.DynamoDbSettings;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphCatalogue;
import dev.heddle.http.Router;
import dev.heddle.http.RouterOptions;
import dev.heddle.lambda.RuntimeLoop;
import dev.heddle.llm.gateway.Price;
import dev.heddle.llm.gateway.PriceList;
import dev.heddle.llm.gateway.TierGateway;
import dev.heddle.llm.provider.OllamaChatModel;
import dev.heddle.llm.provider.OllamaSettings;
import dev.heddle.llm.types.ChatModel;
import dev.heddle.llm.types.Tier;
import dev.heddle.llm.types.TokenCounter;
import dev.heddle.observe.Observer;
import dev.heddle.observe.Probe;
import dev.heddle.run.InMemoryRunRepository;
import dev.heddle.run.RunRepository;
import dev.heddle.run.RunService;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * How Heddle is wired: from settings to the loop that answers invocations.
 *
 * <pre>
 * RuntimeLoop -> Router -> RunService -> assistant graph -> TierGateway -> OllamaChatModel
 *                              |
 *                              +-> RunRepository (DynamoDB, or memory)
 * </pre>
 *
 * Nothing here waits for the network: a Lambda must ask for its first invocation within seconds.
 */
final class Heddle {
    private static final List<String> TIERS = List.of("SIMPLE", "MODERATE", "COMPLEX");

    private final Settings settings;
    private final Clock clock = Clock.systemUTC();
    private final List<Probe> probes = new ArrayList<>();

    private Heddle(Settings settings) {
        this.settings = settings;
    }

    /**
     * Runs the function until it is told to stop.
     *
     * @return the exit code: 1 when the settings cannot be used, which Lambda is told too
     */
    static int run(Map<String, String> environment) {
        Observer observer = new JsonLines(System.out);
        RuntimeLoop made;
        try {
            Heddle heddle = new Heddle(Settings.from(environment));
            made = new RuntimeLoop(
                    RuntimeLoop.Config.from(environment), heddle.router(observer)::handle, observer, heddle.clock);
        } catch (IllegalArgumentException e) {
            startFailed(environment, observer, String.valueOf(e.getMessage()));
            return 1;
        }
        try (RuntimeLoop loop = made) {
            Runtime.getRuntime().addShutdownHook(new Thread(loop::stop, "stop"));
            loop.run();
        }
        return 0;
    }

    /** Tells the log and, where it can be reached, Lambda. */
    private static void startFailed(Map<String, String> environment, Observer observer, String message) {
        observer.note("start_failed", Map.of("code", "bad_configuration", "message", message));
        String runtimeApi = environment.get("AWS_LAMBDA_RUNTIME_API");
        if (runtimeApi != null) {
            RuntimeLoop.initError(
                    RuntimeLoop.Config.from(Map.of("AWS_LAMBDA_RUNTIME_API", runtimeApi)),
                    observer,
                    "bad_configuration",
                    message);
        }
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private Router router(Observer observer) {
        RunRepository repository = repository();
        RunService runs = new RunService(
                new GraphCatalogue(List.of(assistant())),
                repository,
                Heddle::newId,
                settings.agent().tasks());
        String version = ConfigProvider.getConfig().getValue("quarkus.application.version", String.class);
        return new Router(RouterOptions.of(settings.model().name(), version), runs, probes, observer, clock);
    }

    private RunRepository repository() {
        return switch (settings.store()) {
            case MEMORY -> new InMemoryRunRepository(clock);
            case DYNAMODB -> {
                DynamoDb table = new DynamoDb(
                        new DynamoDbSettings(
                                settings.table(), settings.dynamoDbEndpoint().orElse(null)),
                        clock);
                probes.add(table.probe());
                yield table;
            }
        };
    }

    private CompiledGraph assistant() {
        Settings.Agent limits = settings.agent();
        List<Tier> tiers = TIERS.stream()
                .map(name -> new Tier(name, settings.model().windowTokens()))
                .toList();
        ToolNode tools = new ToolNode(BuiltInTools.all(clock), AssistantGraph.MESSAGES, limits.toolTimeout());
        return AssistantGraph.compile(gateway(tiers), tiers, tools, limits.toolCalls(), TokenCounter.BY_LENGTH);
    }

    /** Until there are more providers, every tier is answered by the one Ollama model. */
    private ChatModel gateway(List<Tier> tiers) {
        Settings.Model model = settings.model();
        OllamaSettings ollama = new OllamaSettings(
                model.baseUrl(), model.name(), model.connect(), model.firstToken(), model.betweenTokens(), null);
        OllamaChatModel answers = OllamaChatModel.create(ollama, clock, Heddle::newId);
        probes.add(answers.probe());
        Price price = PriceList.load().price("ollama", model.name(), LocalDate.now(clock.withZone(ZoneOffset.UTC)));
        return new TierGateway(tiers.stream()
                .map(tier -> new TierGateway.Route(tier, answers, price))
                .toList());
    }
}
