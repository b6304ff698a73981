/** Tests of tools. */
@NullMarked
package dev.heddle.agent.tool;

import org.jspecify.annotations.NullMarked;
