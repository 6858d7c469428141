/**
 * Routing policies as pure functions: candidates, client and eligibility in, chosen records out.
 */
@NullMarked
package dev.meridian.policy;

import org.jspecify.annotations.NullMarked;
