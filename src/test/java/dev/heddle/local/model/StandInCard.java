package dev.heddle.local.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the stand-in tells of itself, in the form of Ollama's {@code /api/tags} and {@code /api/show}. */
final class StandInCard {
    static final String RUNNER_DIED = "an error was encountered while running the model: unexpected EOF";

    private static final String MODIFIED_AT = "2026-11-21T00:00:00.000000001Z";

    private StandInCard() {}

    static String tags() {
        ObjectNode root = fields();
        ObjectNode model = root.putArray("models").addObject();
        model.put("name", StandInModel.NAME + ":latest")
                .put("model", StandInModel.NAME + ":latest")
                .put("modified_at", MODIFIED_AT)
                .put("size", 1)
                .put("digest", "0".repeat(64))
                .set("details", details());
        return root.toString();
    }

    static String show() {
        ObjectNode root = fields();
        root.put("modelfile", "# no model: canned answers")
                .put("parameters", "")
                .put("template", "{{ .Prompt }}");
        root.set("details", details());
        root.putObject("model_info")
                .put("general.architecture", "canned")
                .put("general.parameter_count", 0)
                .put("canned.context_length", 40960);
        root.putArray("tensors")
                .addObject()
                .put("name", "none")
                .put("type", "F16")
                .putArray("shape")
                .add(0);
        // thinking is claimed because the model it stands in for has it; it never thinks
        root.putArray("capabilities").add("completion").add("tools").add("thinking");
        root.put("modified_at", MODIFIED_AT);
        return root.toString();
    }

    private static ObjectNode details() {
        ObjectNode details = fields();
        details.put("parent_model", "").put("format", "none").put("family", "canned");
        details.putArray("families").add("canned");
        return details.put("parameter_size", "0").put("quantization_level", "none");
    }

    private static ObjectNode fields() {
        return JsonNodeFactory.instance.objectNode();
    }
}
