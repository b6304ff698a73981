/** Tests of ids. */
@NullMarked
package dev.heddle.graph.pregel;

import org.jspecify.annotations.NullMarked;
