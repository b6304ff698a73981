/** Proves that JSON keeps what it must. Read {@link dev.heddle.wire.TreeJsonTest} first. */
@NullMarked
package dev.heddle.wire;

import org.jspecify.annotations.NullMarked;
