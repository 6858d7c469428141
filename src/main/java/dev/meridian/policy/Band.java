package dev.meridian.policy;

import org.jspecify.annotations.Nullable;

/**
 * How much farther than the nearest a candidate may be and still share its clients.
 *
 * @param within kilometres or milliseconds, more than 0
 * @param sticky whether a client keeps its candidate; null: dice for every query
 */
public record Band(double within, @Nullable Sticky sticky) {}
