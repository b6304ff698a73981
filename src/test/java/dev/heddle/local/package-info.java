/**
 * What helps development and never ships. {@link dev.heddle.local.LocalRun} is the program behind {@code make run}: it
 * starts DynamoDB Local, a model ({@code local.model}) and the gateway ({@code local.gateway}) with the packaged function.
 *
 * <p>Read {@link dev.heddle.local.LocalRun} first.
 */
@NullMarked
package dev.heddle.local;

import org.jspecify.annotations.NullMarked;
