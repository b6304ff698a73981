/**
 * What makes a laptop behave like AWS while Heddle is developed and tested: a local API Gateway with the Lambda Runtime
 * API behind, and the program of {@code make run}. Nothing here ships. Knows no class of the function: it starts the
 * packaged one as a process.
 *
 * <p>Read {@link dev.heddle.local.LocalGateway} first.
 */
@NullMarked
package dev.heddle.local;

import org.jspecify.annotations.NullMarked;
