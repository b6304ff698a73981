/**
 * Lambda and API Gateway on a laptop: HTTP in front, the real Runtime API behind, function processes that are started,
 * reused, killed and replaced. Knows nothing of Heddle: any function will do.
 *
 * <p>Read {@link dev.heddle.local.gateway.LocalGateway} first.
 */
@NullMarked
package dev.heddle.local.gateway;

import org.jspecify.annotations.NullMarked;
