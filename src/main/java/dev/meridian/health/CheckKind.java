package dev.meridian.health;

import dev.meridian.net.Prefix;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a probe does to its target, and what counts as passing. Every constructor and {@code with…}
 * method throws {@link IllegalArgumentException} with a sentence if a value is out of range, so
 * that whoever reads a file can report it at the value's position.
 */
public sealed interface CheckKind
    permits CheckKind.Tcp,
        CheckKind.Handshake,
        CheckKind.Dns,
        CheckKind.Calculated,
        CheckKind.Http,
        ExecCheck,
        FileCheck,
        GrpcCheck,
        HeartbeatCheck,
        IcmpCheck,
        MetricCheck {
  /** Route 53's default for HTTP. */
  int HTTP_PORT = 80;

  /** Route 53's default for HTTPS. */
  int HTTPS_PORT = 443;

  /** Route 53's limit for FQDN, ResourcePath and SearchString alike. */
  int MAX_LENGTH = 255;

  /** What DNS and RFC 9110 §7.2 agree on, and the underscore that is found in practice. */
  Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");

  /** An HTTP check of {@code /} on port 80. */
  static Http http(@Nullable String host) {
    return new Http(host, "/", HTTP_PORT, null, ExpectedStatus.DEFAULT, null, CheckRequest.DEFAULT);
  }

  /** An HTTPS check of {@code /} on port 443, with the certificate verified. */
  static Http https(@Nullable String host) {
    return new Http(
        host, "/", HTTPS_PORT, Tls.DEFAULT, ExpectedStatus.DEFAULT, null, CheckRequest.DEFAULT);
  }

  /** This check on another port; one that has no port stays as it is. */
  CheckKind withPort(int port);

  /** The word for it in files and in the API. */
  default String word() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Whether it is aimed at an address or a name, and not calculated or told by others. */
  default boolean isAimed() {
    return true;
  }

  /** The port that is connected to, 1-65535; 0 for a check that has none. */
  default int port() {
    return 0;
  }

  /** How TLS is done; null for a check without. */
  default @Nullable Tls tls() {
    return null;
  }

  /** The server name, and the name that a certificate must have; null: the address. */
  default @Nullable String host() {
    return null;
  }

  /**
   * Passes when the connection is established (Route 53 type TCP) and, if asked for, what is
   * expected has been received.
   *
   * @param port 1-65535
   * @param send sent as UTF-8 once connected; empty: nothing; at most 255 octets
   * @param expect must be within the first {@value BodyMatch.Search#OCTETS} octets received; null:
   *     the connection is enough
   */
  record Tcp(int port, String send, BodyMatch.@Nullable Search expect) implements CheckKind {
    /** Checks the values. */
    public Tcp {
      checkPort(port);
      if (send.getBytes(StandardCharsets.UTF_8).length > MAX_LENGTH) {
        throw new IllegalArgumentException("at most 255 octets can be sent");
      }
    }

    /** Passes when the connection is established. */
    public Tcp(int port) {
      this(port, "", null);
    }

    @Override
    public Tcp withPort(int port) {
      return new Tcp(port, send, expect);
    }
  }

  /**
   * Passes when a TLS handshake is completed; nothing is said afterwards.
   *
   * @param host the server name, and the name that the certificate must have; null: the target's
   *     address takes its place
   * @param port 1-65535
   */
  record Handshake(@Nullable String host, int port, Tls tls) implements CheckKind {
    /** Checks the values. */
    public Handshake {
      host = host == null ? null : checkedHost(host);
      checkPort(port);
    }

    @Override
    public Handshake withPort(int port) {
      return new Handshake(host, port, tls);
    }
  }

  /**
   * Passes when a DNS query over UDP gets the response code expected and, for NOERROR, at least one
   * record of the type asked for, or one of the addresses wanted.
   *
   * @param name what is asked for
   * @param type of the record, such as {@code RRType.A}
   * @param port 1-65535
   * @param rcode 0-15
   * @param answers for types A and AAAA: at least one must be answered; empty: any record passes
   */
  record Dns(DomainName name, int type, int port, int rcode, Set<InetAddress> answers)
      implements CheckKind {
    /** The port of RFC 1035 §4.2. */
    public static final int PORT = 53;

    /** Checks the values. */
    public Dns {
      // in its order, for the text of a definition is compared between machines
      answers = Collections.unmodifiableSet(new LinkedHashSet<>(answers));
      checkPort(port);
      if (rcode < 0 || rcode > 15) {
        throw new IllegalArgumentException("rcode " + rcode + " is not in 0..15");
      }
      int length = type == RRType.A ? 4 : type == RRType.AAAA ? 16 : 0;
      if (!answers.stream().allMatch(answer -> answer.getAddress().length == length)) {
        throw new IllegalArgumentException(
            "an answer is an IPv4 address for type A and an IPv6 address for type AAAA");
      }
      if (rcode != 0 && !answers.isEmpty()) {
        throw new IllegalArgumentException("an answer can be expected with NOERROR only");
      }
    }

    @Override
    public Dns withPort(int port) {
      return new Dns(name, type, port, rcode, answers);
    }
  }

  /**
   * Passes while enough other checks are healthy; never probed (Route 53 type CALCULATED, which
   * unlike this cannot be nested).
   *
   * @param checks ids of the others, each once; 0-256: without any, {@code healthy} alone decides
   * @param healthy how many must be healthy, 0-256; 0: always healthy; more than there are: never
   *     (Route 53: HealthThreshold)
   */
  record Calculated(List<String> checks, int healthy) implements CheckKind {
    /** Route 53's limit for the children and for the threshold. */
    public static final int MAX_CHECKS = 256;

    /** Checks the counts. */
    public Calculated {
      checks = List.copyOf(checks);
      if (checks.size() > MAX_CHECKS) {
        throw new IllegalArgumentException("a calculated check has at most 256 others");
      }
      if (Set.copyOf(checks).size() < checks.size()) {
        throw new IllegalArgumentException("a calculated check names each other check once");
      }
      if (healthy < 0 || healthy > MAX_CHECKS) {
        throw new IllegalArgumentException(healthy + " healthy checks are not in 0..256");
      }
    }

    @Override
    public Calculated withPort(int port) {
      return this;
    }

    @Override
    public boolean isAimed() {
      return false;
    }
  }

  /**
   * Passes when the request is answered with an expected status and, if asked for, a matching body
   * (Route 53 types HTTP, HTTPS, HTTP_STR_MATCH and HTTPS_STR_MATCH). Redirects are not followed
   * and bodies are not decompressed: the request asks for none of either.
   *
   * @param host for the Host header, the TLS server name and the certificate's name; an address
   *     literal has no brackets, and a trailing dot is dropped; null: the target's address takes
   *     its place (Route 53: FullyQualifiedDomainName absent)
   * @param path with its query, printable ASCII, at most 255 octets; a missing leading slash is
   *     added as Route 53 does
   * @param port 1-65535
   * @param tls null for plain HTTP
   * @param expected the status codes that pass
   * @param match null: the body is not read
   * @param request method, headers and body
   */
  record Http(
      @Nullable String host,
      String path,
      int port,
      @Nullable Tls tls,
      ExpectedStatus expected,
      @Nullable BodyMatch match,
      CheckRequest request)
      implements CheckKind {
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
      if (match != null && request.method().equals("HEAD")) {
        throw new IllegalArgumentException("a response to HEAD has no body to look at");
      }
    }

    /** This check for another path. */
    public Http withPath(String path) {
      return new Http(host, path, port, tls, expected, match, request);
    }

    @Override
    public Http withPort(int port) {
      return new Http(host, path, port, tls, expected, match, request);
    }

    /** This check over TLS as told; null for plain HTTP. The port stays. */
    public Http withTls(@Nullable Tls tls) {
      return new Http(host, path, port, tls, expected, match, request);
    }

    /** This check passing on other status codes. */
    public Http withExpected(ExpectedStatus expected) {
      return new Http(host, path, port, tls, expected, match, request);
    }

    /** This check with a string to find in the body. */
    public Http withSearchString(String text) {
      return withMatch(new BodyMatch.Search(text));
    }

    /** This check with something to find in the body; null: the body does not matter. */
    public Http withMatch(@Nullable BodyMatch match) {
      return new Http(host, path, port, tls, expected, match, request);
    }

    /** This check asking in another way. */
    public Http withRequest(CheckRequest request) {
      return new Http(host, path, port, tls, expected, match, request);
    }
  }

  /**
   * How a probe treats TLS.
   *
   * @param verify whether the certificate must be valid, trusted and issued for the host; Route 53
   *     never asks for it
   * @param sni whether the host is sent as server name (RFC 6066 §3; Route 53: EnableSNI)
   * @param expiryDays fails if the certificate expires within so many days, verified or not;
   *     0-3650; 0: does not look
   * @param authorities who may have issued the certificate; null: those that the Java runtime
   *     trusts
   */
  record Tls(
      boolean verify, boolean sni, int expiryDays, @Nullable List<X509Certificate> authorities) {
    /** Verified, with server name. */
    public static final Tls DEFAULT = new Tls(true, true);

    private static final int MAX_DAYS = 3650;

    /** Checks the values. */
    public Tls {
      authorities = authorities == null ? null : List.copyOf(authorities);
      if (expiryDays < 0 || expiryDays > MAX_DAYS) {
        throw new IllegalArgumentException(expiryDays + " days are not in 0..3650");
      }
    }

    /** The runtime's authorities, and no limit on the expiry but expiry itself. */
    public Tls(boolean verify, boolean sni) {
      this(verify, sni, 0, null);
    }

    /** These settings, verifying or not. */
    public Tls withVerify(boolean verify) {
      return new Tls(verify, sni, expiryDays, authorities);
    }

    /** These settings, with server name or without. */
    public Tls withSni(boolean sni) {
      return new Tls(verify, sni, expiryDays, authorities);
    }

    /** These settings with another {@link #expiryDays}. */
    public Tls withExpiryDays(int days) {
      return new Tls(verify, sni, days, authorities);
    }

    /** These settings, trusting these authorities only. */
    public Tls withAuthorities(List<X509Certificate> authorities) {
      return new Tls(verify, sni, expiryDays, authorities);
    }
  }

  /** A host without a trailing dot; one that is none is an error. */
  static String checkedHost(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    boolean valid = name.length() <= MAX_LENGTH && HOST_NAME.matcher(name).matches();
    if (!valid && Prefix.parseAddress(host) == null) {
      throw new IllegalArgumentException("'" + host + "' is not a host name or an address");
    }
    return name;
  }

  /** A port that is none is an error. */
  static void checkPort(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 1..65535");
    }
  }
}
