package dev.heddle.lambda;

import dev.heddle.http.HttpRequest;

/** What an invocation wants. */
sealed interface Event {

    /** An HTTP request; its reply is streamed. */
    record Http(HttpRequest request) implements Event {}

    /** The clock of EventBridge; its reply is buffered. */
    record Schedule() implements Event {}

    /** Nothing that we can do; the invocation ends with this error. */
    record Refused(FunctionError error) implements Event {}
}
