package dev.meridian.answer;

import dev.meridian.net.PrefixSet;

/**
 * Who may ask. The address is the packet's own: a client subnet is a claim, and gives no rights.
 *
 * @param allowed may ask
 * @param silent whether others hear nothing, instead of REFUSED
 */
public record QueryAccess(PrefixSet allowed, boolean silent) {
  /** Whoever asks is answered. */
  public static final QueryAccess EVERYBODY = new QueryAccess(PrefixSet.ALL, false);

  boolean allows(QueryContext context) {
    return allowed.contains(context.source());
  }
}
