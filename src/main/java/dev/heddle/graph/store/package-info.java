@NullMarked
package dev.heddle.graph.store;

import org.jspecify.annotations.NullMarked;
