/** Helpers of tests: scripted models, ordered trails, fake clocks. Begin with {@link dev.heddle.testing.ScriptedModel}. */
@NullMarked
package dev.heddle.testing;

import org.jspecify.annotations.NullMarked;
