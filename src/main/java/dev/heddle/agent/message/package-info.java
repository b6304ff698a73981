/**
 * Conversations as graph state: the {@code add_messages} key, trimming to a model's window, repair of calls without
 * results. Knows no tools and no models.
 *
 * <p>Read {@link dev.heddle.agent.message.Messages} first.
 */
@NullMarked
package dev.heddle.agent.message;

import org.jspecify.annotations.NullMarked;
