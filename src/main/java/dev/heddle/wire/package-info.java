/**
 * JSON of trees, messages and stream events: the exact form that storage keeps and the forms that clients speak.
 *
 * <p>Read {@link dev.heddle.wire.TreeJson} first. Knows nothing of HTTP or of any storage.
 */
@NullMarked
package dev.heddle.wire;

import org.jspecify.annotations.NullMarked;
