import static dev.heddle.graph.state.StateGraph.START;

import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Clock;

/** Someone else's program that has the engine's jar and nothing besides; GraphJarIT compiles and runs it. */
public final class Hello {
    private static final Key<String> NAME = Key.lastValue("name", Codecs.TEXT);

    private Hello() {}

    public static void main(String[] args) {
        CompiledGraph graph = StateGraph.of(NAME)
                .node("ask", (state, context) -> Update.of(NAME, context.interrupt(Tree.of("Who?"), Codecs.TEXT)))
                .edge(START, "ask")
                .compile("hello")
                .with(new InMemoryCheckpointer(), new InMemoryStore(Clock.systemUTC()));
        RunResult waiting = graph.invoke(Update.NONE, RunConfig.thread("thread"));
        RunResult result = graph.invoke(Command.resume(Tree.of("Ada")), RunConfig.thread("thread"));
        System.out.println(waiting.getClass().getSimpleName() + ", then hello "
                + result.state().get(NAME));
    }
}
