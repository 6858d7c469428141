package dev.meridian.api;

import io.netty.handler.codec.http.QueryStringDecoder;
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
  /** Throws {@link IllegalArgumentException} for a query string that cannot be decoded. */
  static ApiRequest of(QueryStringDecoder uri, String body, Principal who, String bearer) {
    return new ApiRequest(uri.parameters(), body, who, bearer);
  }

  /** The first value of a parameter, if it is given and not empty. */
  Optional<String> parameter(String name) {
    return parameters.getOrDefault(name, List.of()).stream().filter(v -> !v.isEmpty()).findFirst();
  }

  /** The same of one that has to be there; throws {@link IllegalArgumentException}. */
  String required(String name) {
    return parameter(name)
        .orElseThrow(() -> new IllegalArgumentException("the parameter '" + name + "' is missing"));
  }

  List<String> all(String name) {
    return parameters.getOrDefault(name, List.of());
  }
}
