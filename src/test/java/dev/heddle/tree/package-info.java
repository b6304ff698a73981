/** Tests of neutral values. */
@NullMarked
package dev.heddle.tree;

import org.jspecify.annotations.NullMarked;
