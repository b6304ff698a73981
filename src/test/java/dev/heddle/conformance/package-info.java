/** Contracts as tests, one abstract class each; every implementation extends them. Read {@link dev.heddle.conformance.CheckpointerConformance} first; it knows no implementation. */
@NullMarked
package dev.heddle.conformance;

import org.jspecify.annotations.NullMarked;
