/**
 * What may be answered: health checks, their state as pure functions of what was observed, and the
 * eligibility snapshot that answers are chosen by. No input or output happens here.
 */
@NullMarked
package dev.meridian.health;

import org.jspecify.annotations.NullMarked;
