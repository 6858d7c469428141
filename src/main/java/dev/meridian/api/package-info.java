/** The HTTP surface: liveness, readiness, metrics, the JSON API and the ops page. */
@NullMarked
package dev.meridian.api;

import org.jspecify.annotations.NullMarked;
