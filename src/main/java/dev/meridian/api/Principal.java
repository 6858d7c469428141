package dev.meridian.api;

/**
 * Who makes a request.
 *
 * @param name of the token; empty if none is asked for
 * @param from the address of the client, or {@code local socket}
 */
record Principal(String name, Role role, String from) {
  /** Whom an override is by: what was given, and the token if it says another name. */
  String author(String given) {
    if (name.isEmpty() || name.equals(given)) {
      return given;
    }
    return given.isEmpty() ? name : given + " (" + name + ")";
  }
}
