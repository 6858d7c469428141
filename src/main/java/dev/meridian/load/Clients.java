package dev.meridian.load;

import dev.meridian.net.Prefix;
import dev.meridian.policy.Geolocation;
import dev.meridian.policyfile.GeolocationKeys;

/** Some clients, as a test in the zone folder names them. */
public sealed interface Clients {
  /** Every address there is. */
  record Everyone() implements Clients {
    @Override
    public String toString() {
      return "everyone";
    }
  }

  /** Addresses that the geo database cannot place. */
  record Unplaced() implements Clients {
    @Override
    public String toString() {
      return "unplaced";
    }
  }

  /** One client: an address, or a prefix as a resolver sends it in the client subnet option. */
  record Network(Prefix prefix) implements Clients {
    @Override
    public String toString() {
      String text = prefix.toString();
      boolean whole = prefix.length() == (prefix.ipv4() ? 32 : 128);
      return whole ? text.substring(0, text.indexOf('/')) : text;
    }
  }

  /** All that the geo database places there. */
  record Place(Geolocation.Key key) implements Clients {
    @Override
    public String toString() {
      return key.toString();
    }
  }

  /** All of an autonomous system. */
  record Autonomous(int number) implements Clients {
    @Override
    public String toString() {
      return "AS" + Integer.toUnsignedString(number);
    }
  }

  /** Those that a key of a geolocation policy means. */
  static Clients of(Geolocation.Key key) {
    return key.asNumber() > 0 ? new Autonomous(key.asNumber()) : new Place(key);
  }

  /**
   * Reads {@code everyone}, {@code unplaced}, an address, a prefix, {@code AS64500}, or a place as
   * the keys of geolocation policies name it.
   *
   * @throws IllegalArgumentException with a sentence
   */
  static Clients parse(String text) {
    if (text.equals("everyone")) {
      return new Everyone();
    }
    if (text.equals("unplaced")) {
      return new Unplaced();
    }
    if (text.matches("AS\\d{1,10}")) {
      return new Autonomous(Integer.parseUnsignedInt(text.substring(2)));
    }
    boolean address = text.matches("[0-9a-fA-F:.]+(/.*)?") && text.matches(".*[:.].*");
    if (address) {
      return new Network(Prefix.parse(text));
    }
    try {
      return of(GeolocationKeys.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; or an address, a prefix, AS64500, everyone, or unplaced", e);
    }
  }
}
