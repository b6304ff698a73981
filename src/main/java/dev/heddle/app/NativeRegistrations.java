package dev.heddle.app;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a native executable must keep for reflection: the types by which langchain4j-ollama writes a chat request and reads
 * an answer's lines with Jackson, and what their annotations have Jackson make. They are package-private there, hence the
 * names; {@code NativeRegistrationsTest} compares them with the jar. Our own code needs none.
 */
@RegisterForReflection(
        targets = PropertyNamingStrategies.SnakeCaseStrategy.class,
        classNames = {
            "dev.langchain4j.model.ollama.FormatSerializer",
            "dev.langchain4j.model.ollama.Function",
            "dev.langchain4j.model.ollama.FunctionCall",
            "dev.langchain4j.model.ollama.Message",
            "dev.langchain4j.model.ollama.OllamaChatRequest",
            "dev.langchain4j.model.ollama.OllamaChatResponse",
            "dev.langchain4j.model.ollama.Options",
            "dev.langchain4j.model.ollama.Parameters",
            "dev.langchain4j.model.ollama.Role",
            "dev.langchain4j.model.ollama.Tool",
            "dev.langchain4j.model.ollama.ToolCall",
        })
final class NativeRegistrations {
    private NativeRegistrations() {}
}
