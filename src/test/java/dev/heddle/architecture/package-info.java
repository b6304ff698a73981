/**
 * Checks the house itself: which room may import which. Knows every room by name and none by type.
 *
 * <p>Read {@link dev.heddle.architecture.ArchitectureTest} first.
 */
@NullMarked
package dev.heddle.architecture;

import org.jspecify.annotations.NullMarked;
