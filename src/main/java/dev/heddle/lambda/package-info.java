/**
 * The edge to AWS Lambda: asks the Runtime API for invocations, turns HTTP events into {@link dev.heddle.http.HttpRequest}s
 * and streams their replies back. Knows nothing of Quarkus, of graphs, or of what the handler does.
 *
 * <p>Read {@link dev.heddle.lambda.RuntimeLoop} first, then {@link dev.heddle.lambda.ResponseStream}.
 */
@NullMarked
package dev.heddle.lambda;

import org.jspecify.annotations.NullMarked;
