package dev.meridian.judge;

import dev.meridian.net.Prefix;

/**
 * Who asks, as far as an answer may depend on it.
 *
 * @param prefix what is known of the address, 24 or 48 bits at the most
 */
record Client(Prefix prefix, Place place) {
  static Client of(Prefix prefix, Networks networks) {
    return new Client(Networks.masked(prefix), networks.of(prefix));
  }
}
