package dev.meridian.health;

import dev.meridian.net.Prefix;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a probe does to its target, and what counts as passing. Every constructor and {@code with…}
 * method throws {@link IllegalArgumentException} with a sentence if a value is out of range, so
 * that whoever reads a file can report it at the value's position.
 */
public sealed interface CheckKind {
  /** Route 53's default for HTTP. */
  int HTTP_PORT = 80;

  /** Route 53's default for HTTPS. */
  int HTTPS_PORT = 443;

  /** An HTTP check of {@code /} on port 80. */
  static Http http(@Nullable String host) {
    return new Http(host, "/", HTTP_PORT, null, ExpectedStatus.DEFAULT, null);
  }

  /** An HTTPS check of {@code /} on port 443, with the certificate verified. */
  static Http https(@Nullable String host) {
    return new Http(host, "/", HTTPS_PORT, Tls.DEFAULT, ExpectedStatus.DEFAULT, null);
  }

  /**
   * Passes when the connection is established (Route 53 type TCP).
   *
   * @param port 1-65535
   */
  record Tcp(int port) implements CheckKind {
    /** Checks the port. */
    public Tcp {
      checkPort(port);
    }
  }

  /**
   * Passes while enough other checks are healthy; never probed (Route 53 type CALCULATED, which
   * unlike this cannot be nested).
   *
   * @param checks ids of the others, each once; 1-256
   * @param healthy how many must be healthy, 0-256; 0: always healthy; more than there are: never
   *     (Route 53: HealthThreshold)
   */
  record Calculated(List<String> checks, int healthy) implements CheckKind {
    /** Route 53's limit for the children and for the threshold. */
    public static final int MAX_CHECKS = 256;

    /** Checks the counts. */
    public Calculated {
      checks = List.copyOf(checks);
      if (checks.isEmpty() || checks.size() > MAX_CHECKS) {
        throw new IllegalArgumentException("a calculated check has 1 to 256 others");
      }
      if (Set.copyOf(checks).size() < checks.size()) {
        throw new IllegalArgumentException("a calculated check names each other check once");
      }
      if (healthy < 0 || healthy > MAX_CHECKS) {
        throw new IllegalArgumentException(healthy + " healthy checks are not in 0..256");
      }
    }
  }

  /**
   * Passes when {@code GET path} is answered with an expected status and, if asked for, the search
   * string (Route 53 types HTTP, HTTPS, HTTP_STR_MATCH and HTTPS_STR_MATCH). Redirects are not
   * followed and bodies are not decompressed: the request asks for none of either.
   *
   * @param host for the Host header, the TLS server name and the certificate's name; an address
   *     literal has no brackets, and a trailing dot is dropped; null: the target's address takes
   *     its place (Route 53: FullyQualifiedDomainName absent)
   * @param path with its query, printable ASCII, at most 255 octets; a missing leading slash is
   *     added as Route 53 does
   * @param port 1-65535
   * @param tls null for plain HTTP
   * @param expected the status codes that pass
   * @param searchString must lie entirely within the first {@value #SEARCHED_OCTETS} octets of the
   *     body, compared as UTF-8 octets, case-sensitive; 1-255 octets; null: the body is not read
   */
  record Http(
      @Nullable String host,
      String path,
      int port,
      @Nullable Tls tls,
      ExpectedStatus expected,
      @Nullable String searchString)
      implements CheckKind {
    /** How much of a body is looked at; Route 53's figure. */
    public static final int SEARCHED_OCTETS = 5120;

    /** Route 53's limit for FQDN, ResourcePath and SearchString alike. */
    private static final int MAX_LENGTH = 255;

    /** What DNS and RFC 9110 §7.2 agree on, and the underscore that is found in practice. */
    private static final Pattern HOST_NAME =
        Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");

    /** Nothing that could end the request line or begin another header (RFC 9112 §3). */
    private static final Pattern PATH = Pattern.compile("[!-~]{1,255}");

    /** Checks every value and adds the leading slash. */
    public Http {
      host = host == null ? null : checkedHost(host);
      path = path.startsWith("/") ? path : "/" + path;
      if (!PATH.matcher(path).matches()) {
        throw new IllegalArgumentException(
            "'"
                + path
                + "' is not a request path: at most 255 printable ASCII characters without"
                + " spaces; percent-encode the others");
      }
      checkPort(port);
      if (searchString != null) {
        int length = searchString.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_LENGTH) {
          throw new IllegalArgumentException(
              "the search string has " + length + " octets; 1 to 255 are possible");
        }
      }
    }

    private static String checkedHost(String host) {
      String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
      boolean valid = name.length() <= MAX_LENGTH && HOST_NAME.matcher(name).matches();
      if (!valid && Prefix.parseAddress(host) == null) {
        throw new IllegalArgumentException("'" + host + "' is not a host name or an address");
      }
      return name;
    }

    /** This check for another path. */
    public Http withPath(String path) {
      return new Http(host, path, port, tls, expected, searchString);
    }

    /** This check on another port. */
    public Http withPort(int port) {
      return new Http(host, path, port, tls, expected, searchString);
    }

    /** This check over TLS as told; null for plain HTTP. The port stays. */
    public Http withTls(@Nullable Tls tls) {
      return new Http(host, path, port, tls, expected, searchString);
    }

    /** This check passing on other status codes. */
    public Http withExpected(ExpectedStatus expected) {
      return new Http(host, path, port, tls, expected, searchString);
    }

    /** This check with a string to find in the body; null: the body does not matter. */
    public Http withSearchString(@Nullable String searchString) {
      return new Http(host, path, port, tls, expected, searchString);
    }
  }

  /**
   * How an HTTPS probe treats TLS.
   *
   * @param verify whether the certificate must be valid, trusted by this machine and issued for the
   *     host; Route 53 never asks for it
   * @param sni whether the host is sent as server name (RFC 6066 §3; Route 53: EnableSNI)
   */
  record Tls(boolean verify, boolean sni) {
    /** Verified, with server name. */
    public static final Tls DEFAULT = new Tls(true, true);
  }

  private static void checkPort(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 1..65535");
    }
  }
}
