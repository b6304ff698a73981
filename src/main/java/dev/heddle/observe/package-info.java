/**
 * Ports by which the other rooms tell what happens and ask how things are, without knowing who listens.
 *
 * <p>Read {@link dev.heddle.observe.Observer} first.
 */
@NullMarked
package dev.heddle.observe;

import org.jspecify.annotations.NullMarked;
