/** Tests of conversations as state. */
@NullMarked
package dev.heddle.agent.message;

import org.jspecify.annotations.NullMarked;
