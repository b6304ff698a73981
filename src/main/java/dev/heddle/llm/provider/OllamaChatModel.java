package dev.heddle.llm.provider;

import dev.heddle.llm.types.CallContext;
import dev.heddle.llm.types.ChatModel;
import dev.heddle.llm.types.ChatReply;
import dev.heddle.llm.types.ChatRequest;
import dev.heddle.observe.Probe;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel.OllamaStreamingChatModelBuilder;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * A model on an Ollama host, asked by streaming {@code POST /api/chat} (NDJSON) through langchain4j.
 *
 * <p>langchain4j writes the request and reads the answer's text, counts and end. Four things it cannot do are done here,
 * on its own HTTP port {@code dev.langchain4j.http.client.HttpClient} ({@link OllamaExchange}): cancel a request that has
 * not answered yet, bound the time between two tokens, notice a stream that ends without {@code "done":true} (it would
 * call neither callback), and see the headers of a refusal. Tool calls are read by {@link OllamaToolCalls}, because
 * langchain4j reads their numbers as doubles and joins two calls that came without an index.
 *
 * <p>Everything happens on the calling worker, the sink included; so deltas never overlap and none comes late. A model is
 * safe for any number of concurrent calls. The HTTP client is its own ({@link RecentClient}): a proxy in the settings
 * applies to nothing else.
 *
 * <p>Errors, all {@link dev.heddle.llm.types.LlmException}: unknown model or any other 4xx {@code Rejected}; 429 and 503
 * {@code RateLimited}; 5xx and no connection {@code Unavailable}; watchdog and deadline {@code TimedOut}; a stream that
 * stops before its end {@code Broken}; interrupt {@code Cancelled}. What a server wrote is never quoted and exceptions of
 * vendor code are not kept as causes, for both may hold a person's words.
 */
public final class OllamaChatModel implements ChatModel {
    private final OllamaSettings settings;
    private final Clock clock;
    private final Supplier<String> ids;
    private final Supplier<HttpClient> http;

    private OllamaChatModel(OllamaSettings settings, Clock clock, Supplier<String> ids, Supplier<HttpClient> http) {
        this.settings = settings;
        this.clock = clock;
        this.ids = ids;
        this.http = http;
    }

    /**
     * Such a model; connects to nothing yet.
     *
     * @param clock tells when a call's deadline has come
     * @param ids gives unique ids, for messages and for tool calls that come without one
     */
    public static OllamaChatModel create(OllamaSettings settings, Clock clock, Supplier<String> ids) {
        return new OllamaChatModel(settings, clock, ids, new RecentClient(() -> httpClient(settings), clock));
    }

    @Override
    public ChatReply chat(ChatRequest request, CallContext context) {
        OllamaFailures failures = new OllamaFailures(settings);
        OllamaAnswer answer = new OllamaAnswer(failures, ids, context.sink());
        OllamaExchange exchange = new OllamaExchange(settings, http.get(), clock, context.deadline(), failures, answer);
        // One langchain4j model per call costs a few objects and gives each call its own watchdog without worker
        // locals.
        OllamaStreamingChatModel model = new OllamaStreamingChatModelBuilder()
                .baseUrl(settings.baseUrl().toString())
                .modelName(settings.model())
                .httpClientBuilder(exchange.builder())
                .build();
        model.chat(OllamaRequests.of(settings.model(), request), answer);
        return answer.reply();
    }

    /** Asks whether the host answers and has the model, over the same HTTP client. */
    public Probe probe() {
        return new OllamaProbe(settings, http);
    }

    private static HttpClient httpClient(OllamaSettings settings) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .proxy(settings.proxy() == null ? HttpClient.Builder.NO_PROXY : settings.proxy())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }
}
