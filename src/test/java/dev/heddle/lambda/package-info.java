/**
 * Tests of the Lambda edge: its bytes against recorded expectations, and its loop against a Runtime API that misbehaves
 * on demand. Knows no other room's tests.
 *
 * <p>Read {@link dev.heddle.lambda.ScriptedRuntimeApi} first.
 */
@NullMarked
package dev.heddle.lambda;

import org.jspecify.annotations.NullMarked;
