package dev.heddle.local.gateway;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The environment variables that Lambda gives to a function. */
final class LambdaVariables {
    static final String FUNCTION_NAME = "heddle";
    static final String REGION = "us-east-1";
    static final String ARN = "arn:aws:lambda:" + REGION + ":000000000000:function:" + FUNCTION_NAME;

    private LambdaVariables() {}

    /** Lambda's own, over which go those of the options, but never the address of the Runtime API. */
    static Map<String, String> of(LocalGateway.Options options, int apiPort) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_LAMBDA_FUNCTION_NAME", FUNCTION_NAME);
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024");
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + FUNCTION_NAME);
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
        variables.put("AWS_REGION", REGION);
        variables.put("AWS_DEFAULT_REGION", REGION);
        variables.put("LAMBDA_TASK_ROOT", Path.of("").toAbsolutePath().toString());
        variables.put("_HANDLER", FUNCTION_NAME);
        if (options.concurrency() > 1) {
            variables.put("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(options.concurrency()));
        }
        variables.putAll(options.environment());
        variables.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + apiPort);
        return variables;
    }
}
