/**
 * One model in front of many: chooses by tier, adds up what it costs. Itself a {@link dev.heddle.llm.types.ChatModel}.
 *
 * <p>Read {@link dev.heddle.llm.gateway.TierGateway} first.
 */
@NullMarked
package dev.heddle.llm.gateway;

import org.jspecify.annotations.NullMarked;
