/**
 * The packaged function, JVM or native ({@code -Dheddle.function}), driven through the local gateway over real sockets.
 *
 * <p>Read {@link dev.heddle.e2e.ChatE2E} first.
 */
@NullMarked
package dev.heddle.e2e;

import org.jspecify.annotations.NullMarked;
