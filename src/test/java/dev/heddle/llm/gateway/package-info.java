/** Tests of routes and prices. */
@NullMarked
package dev.heddle.llm.gateway;

import org.jspecify.annotations.NullMarked;
