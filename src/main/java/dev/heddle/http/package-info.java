/**
 * What the service answers over HTTP, without a server: the {@link dev.heddle.http.Router} takes an {@link
 * dev.heddle.http.HttpRequest} and gives an {@link dev.heddle.http.HttpReply}. Knows no Lambda and no Quarkus.
 *
 * <p>Read {@link dev.heddle.http.Router} first.
 */
@NullMarked
package dev.heddle.http;

import org.jspecify.annotations.NullMarked;
