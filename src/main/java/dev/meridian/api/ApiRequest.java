package dev.meridian.api;

import dev.meridian.text.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a route may see of a request: no header but the bearer token, never a path that could name a
 * file.
 *
 * @param parameters of the query string, decoded
 * @param body as it came; empty if there was none
 * @param who makes it
 * @param bearer the token that it was sent with; empty if there was none
 */
record ApiRequest(Map<String, List<String>> parameters, String body, Principal who, String bearer) {
  /** The first value of a parameter, if it is given and not empty. */
  Optional<String> parameter(String name) {
    return parameters.getOrDefault(name, List.of()).stream().filter(v -> !v.isEmpty()).findFirst();
  }

  /** The same of one that has to be there; throws {@link RefusedException}. */
  String required(String name) {
    return parameter(name)
        .orElseThrow(() -> new RefusedException("the parameter '" + name + "' is missing"));
  }

  List<String> all(String name) {
    return parameters.getOrDefault(name, List.of());
  }
}
