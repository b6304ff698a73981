/** Tests of our graphs on scripted models. */
@NullMarked
package dev.heddle.agent;

import org.jspecify.annotations.NullMarked;
