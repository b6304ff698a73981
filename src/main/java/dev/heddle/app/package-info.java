/**
 * Wiring and configuration, and nothing else: the only room that knows Quarkus.
 *
 * <p>Read {@link dev.heddle.app.Main} first.
 */
@NullMarked
package dev.heddle.app;

import org.jspecify.annotations.NullMarked;
