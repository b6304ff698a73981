/**
 * Plain values that every room understands and any storage can keep: {@link dev.heddle.tree.Tree}, and the {@link
 * dev.heddle.tree.Codec} between a Java type and such a value. Knows nothing of JSON, graphs or models.
 *
 * <p>Read {@link dev.heddle.tree.Tree} first.
 */
@NullMarked
package dev.heddle.tree;

import org.jspecify.annotations.NullMarked;
