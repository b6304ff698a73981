package dev.heddle.llm.gateway;

import dev.heddle.llm.types.CallContext;
import dev.heddle.llm.types.ChatModel;
import dev.heddle.llm.types.ChatReply;
import dev.heddle.llm.types.ChatRequest;
import dev.heddle.llm.types.LlmException;
import dev.heddle.llm.types.Tier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers each request by the model of its tier and puts the price on the reply.
 *
 * <pre>request (tier) -> route of that tier -> its model -> reply + costUsd</pre>
 *
 * Immutable; safe for concurrent use.
 */
public final class TierGateway implements ChatModel {
    private final Map<String, Route> routes = new LinkedHashMap<>();

    /**
     * Where a tier leads.
     *
     * @param tier the tier
     * @param model who answers
     * @param price what a token costs there
     */
    public record Route(Tier tier, ChatModel model, Price price) {}

    /** A gateway with these routes, one for each tier. */
    public TierGateway(List<Route> routes) {
        routes.forEach(route -> this.routes.put(route.tier().name(), route));
    }

    @Override
    public ChatReply chat(ChatRequest request, CallContext context) {
        Route route = routes.get(request.tier().name());
        if (route == null) {
            throw new LlmException.Rejected(
                    request.tier().name(),
                    "unknown tier, expected one of " + routes.keySet() + ", got this one. Configure it.",
                    null);
        }
        ChatReply reply = route.model().chat(request, context);
        return reply.withCostUsd(route.price().of(reply.usage()));
    }
}
