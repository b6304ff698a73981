/**
 * Tests of the HTTP room: requests go into the router as records, runs are scripted, nothing opens a socket.
 *
 * <p>Read {@code RouterTest} first. Knows no Lambda and no real graph.
 */
@NullMarked
package dev.heddle.http;

import org.jspecify.annotations.NullMarked;
