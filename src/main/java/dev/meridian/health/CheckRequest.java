package dev.meridian.health;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an HTTP probe sends beside host and path.
 *
 * @param method one of {@link #METHODS}
 * @param headers values by name, sent in this order after those that every probe sends; a
 *     User-Agent, Accept or Accept-Encoding here takes the place of the usual one
 * @param body sent as UTF-8 with its length; empty for none; at most {@value #MAX_BODY} octets
 */
public record CheckRequest(String method, Map<String, String> headers, String body) {
  /** Methods that ask without changing much; what they do is the target's to say. */
  public static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "OPTIONS");

  /** A GET with nothing more to say. */
  public static final CheckRequest DEFAULT = new CheckRequest("GET", Map.of(), "");

  private static final int MAX_BODY = 4096;
  private static final int MAX_HEADERS = 32;

  /** RFC 9110 §5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

  /** RFC 9110 §5.5, without obs-text, folding and spaces at the ends. */
  private static final Pattern VALUE = Pattern.compile("[!-~]([\\t -~]{0,1022}[!-~])?");

  /** They say how the message is framed and who it is for, which the probe decides. */
  private static final Set<String> RESERVED =
      Set.of(
          "host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "expect");

  /**
   * Checks every value.
   *
   * @throws IllegalArgumentException with a sentence
   */
  public CheckRequest {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException(
          "'" + method + "' is not one of " + String.join(", ", METHODS));
    }
    if (headers.size() > MAX_HEADERS) {
      throw new IllegalArgumentException("a request has at most " + MAX_HEADERS + " headers");
    }
    headers.forEach(CheckRequest::checkHeader);
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_BODY) {
      throw new IllegalArgumentException(
          "the body has " + length + " octets; " + MAX_BODY + " are possible");
    }
  }

  private static void checkHeader(String name, String value) {
    if (!TOKEN.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is not a header's name");
    }
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("the header " + name + " is set by the probe itself");
    }
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "the value of the header " + name + " is not 1 to 1024 printable ASCII characters");
    }
  }

  /** Whether a header of that name is among {@link #headers}, upper and lower case alike. */
  public boolean hasHeader(String name) {
    return headers.keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  /** What can be shown: headers and body may hold secrets. */
  @Override
  public String toString() {
    return method
        + " with the headers "
        + headers.keySet()
        + " and "
        + body.length()
        + " characters";
  }

  /** This request with another method. */
  public CheckRequest withMethod(String method) {
    return new CheckRequest(method, headers, body);
  }

  /** This request with these headers. */
  public CheckRequest withHeaders(Map<String, String> headers) {
    return new CheckRequest(method, headers, body);
  }

  /** This request with a body. */
  public CheckRequest withBody(String body) {
    return new CheckRequest(method, headers, body);
  }
}
