/** Tests of the run service. */
@NullMarked
package dev.heddle.run;

import org.jspecify.annotations.NullMarked;
