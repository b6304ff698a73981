/** Tests of the graph engine through its public doors. */
@NullMarked
package dev.heddle.graph;

import org.jspecify.annotations.NullMarked;
