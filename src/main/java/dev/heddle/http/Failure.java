package dev.heddle.http;

import dev.heddle.llm.types.LlmException;
import dev.heddle.run.RunException;

/**
 * What a client is told when something went wrong.
 *
 * @param code stable, see {@link ErrorCode}
 * @param status of a reply that says this and nothing else
 * @param message in the usual form, without user text
 */
record Failure(String code, int status, String message) {

    /**
     * What to say of a throwable. Those of ours carry a code and words that are fit for clients; of any other one only
     * the request id is told, because its message may hold anything.
     */
    static Failure of(Throwable problem, String requestId) {
        return switch (problem) {
            case Refusal refusal -> of(refusal.code().code(), refusal);
            case RunException run -> of(run.code(), run);
            case LlmException model -> of(model.code(), model);
            case InterruptedException _ ->
                new Failure(
                        ErrorCode.CANCELLED.code(),
                        ErrorCode.CANCELLED.status(),
                        "Request '" + requestId + "': given up, expected its end, got an interrupt. Send it again.");
            default ->
                new Failure(
                        ErrorCode.INTERNAL_ERROR.code(),
                        ErrorCode.INTERNAL_ERROR.status(),
                        "Request '" + requestId + "': failed unexpectedly, expected a reply, got an internal error."
                                + " Report this request id; the log tells more under it.");
        };
    }

    private static Failure of(String code, Throwable problem) {
        String message = problem.getMessage();
        return new Failure(code, ErrorCode.statusOf(code), message == null ? code : message);
    }
}
