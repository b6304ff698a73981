/**
 * What helps development and never ships: the local gateway ({@link dev.heddle.local.LocalGateway}: HTTP in front, the
 * real Lambda Runtime API behind), models that need no GPU ({@link dev.heddle.local.StandInModel}, {@link
 * dev.heddle.local.RealOllama}) and an embedded DynamoDB. {@code make run} starts all of it from here.
 *
 * <p>Read {@code LocalRun} first.
 */
@NullMarked
package dev.heddle.local;

import org.jspecify.annotations.NullMarked;
