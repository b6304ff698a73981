/**
 * Proves the wiring.
 *
 * <p>Read {@link dev.heddle.app.NativeRegistrationsTest} first.
 */
@NullMarked
package dev.heddle.app;

import org.jspecify.annotations.NullMarked;
