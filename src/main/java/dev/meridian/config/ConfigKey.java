package dev.meridian.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Every setting of the server: the one table from which flags, the configuration file, the checks
 * and {@code docs/CONFIG.md} are made.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are List.of, the types hold pure functions
public enum ConfigKey {
  ZONES(
      "zones",
      "DIR",
      ValueType.PATH,
      List.of("zones"),
      false,
      "Folder of zone files and the policy files beside them."),
  GEOIP(
      "geoip",
      "FILE|DIR",
      ValueType.PATH,
      List.of(),
      true,
      "MaxMind-format databases (.mmdb) that place clients; a folder stands for every database in"
          + " it. Without any, the database that comes with Meridian is used."),
  LISTEN(
      "listen",
      "ADDR:PORT",
      ValueType.ADDRESS,
      List.of("127.0.0.1:5300"),
      true,
      "Where DNS queries are answered, over UDP and TCP. All addresses that the machine has or will"
          + " have: `:53`. One that it does not have yet is waited for, with a warning."),
  HTTP(
      "http",
      "ADDR:PORT",
      ValueType.ADDRESS_OR_OFF,
      List.of("127.0.0.1:8053"),
      false,
      "Where the ops page, the API, /metrics, /livez and /readyz are served. An address that is not"
          + " loopback needs http-tls-cert, http-tls-key and http-tokens."),
  HTTP_SOCKET(
      "http-socket",
      "PATH",
      ValueType.PATH,
      List.of(),
      false,
      "A Unix socket on which the same is served, without tokens, to the user who runs the server"
          + " and to nobody else (mode 0600)."),
  HTTP_TLS_CERT(
      "http-tls-cert",
      "FILE",
      ValueType.PATH,
      List.of(),
      false,
      "PEM file of the certificate, its chain behind it; HTTP is then HTTPS (TLS 1.2 or 1.3). Read"
          + " again when it changes."),
  HTTP_TLS_KEY(
      "http-tls-key",
      "FILE",
      ValueType.PATH,
      List.of(),
      false,
      "PEM file of the certificate's private key (PKCS #8). Read again when it changes."),
  HTTP_TOKENS(
      "http-tokens",
      "FILE",
      ValueType.PATH,
      List.of(),
      false,
      "Who may use the API, and with which token: lines that 'meridian token' makes. Without it,"
          + " whoever reaches the loopback address may do everything. Read again when it changes."),
  HTTP_HOST(
      "http-host",
      "NAME",
      ValueType.HOST,
      List.of(),
      true,
      "A name by which browsers reach the ops page. Others are refused but localhost and addresses,"
          + " so that no web site can come in under a name of its own."),
  STATE(
      "state",
      "DIR",
      ValueType.PATH,
      List.of("state"),
      false,
      "Folder for what has to outlive the process. It is made when there is something to keep."),
  UDP_PAYLOAD_MAX(
      "udp-payload-max",
      "OCTETS",
      ValueType.number("octets", 512, 4096),
      List.of("1232"),
      false,
      "The largest UDP response, and what is announced in EDNS. Up to 1232, which fits every"
          + " path that carries IPv6, answers are never fragmented (RFC 9715); above, routers may."),
  UDP_PAYLOAD_WITHOUT_COOKIE(
      "udp-payload-without-cookie",
      "OCTETS",
      ValueType.number("octets", 512, 4096),
      List.of("512"),
      false,
      "The largest UDP response to a client without a valid DNS cookie; what is longer goes over TCP."
          + " Bounds what a query in somebody else's name is good for. 1232 treats all clients alike."),
  ALLOW_QUERY(
      "allow-query",
      "PREFIX",
      ValueType.PREFIX,
      List.of(),
      true,
      "Clients that may ask, by the address that they come from; a client subnet plays no part."
          + " Without any, everybody may."),
  DENY(
      "deny",
      "refuse|drop",
      ValueType.choice(DenyChoice.class),
      List.of("refuse"),
      false,
      "What clients hear that may not ask: REFUSED with the extended error Prohibited, or nothing."),
  RATE_LIMIT(
      "rate-limit",
      "N|off",
      ValueType.numberOrOff("responses per second", 1, 10_000),
      List.of("50"),
      false,
      "How many responses of 256 octets a client (an IPv4 address or an IPv6 /64) gets per second over"
          + " UDP, longer ones counting as several; its network (/24, /48) gets 32 times as many."
          + " Errors are counted apart, for each zone. Clients with a valid cookie, and TCP, are not"
          + " limited. See docs/ABUSE.md."),
  RATE_LIMIT_SLIP(
      "rate-limit-slip",
      "N",
      ValueType.number("responses", 0, 10),
      List.of("2"),
      false,
      "One in so many responses over the limit is sent as a question with the TC bit, no longer than"
          + " the query, so that a client that is really there comes over TCP; 0: none."),
  RATE_LIMIT_EXEMPT(
      "rate-limit-exempt",
      "PREFIX",
      ValueType.PREFIX,
      List.of("127.0.0.1/32", "::1/128"),
      true,
      "Clients that are never limited. What is given replaces the two addresses of this machine, from"
          + " which no stranger's packet can come."),
  LOOPS(
      "loops",
      "N",
      ValueType.number("loops", 0, 64),
      List.of("0"),
      false,
      "How many loops answer queries, each with sockets of its own, a thread for UDP and one for TCP;"
          + " 0: as many as there are processors."),
  UDP_PATH(
      "udp-path",
      "PATH",
      ValueType.choice(UdpChoice.class),
      List.of("auto"),
      false,
      "How datagrams are read and written; all ways answer alike. auto takes the fastest that works"
          + " on this machine."),
  TCP_CONNECTIONS(
      "tcp-connections",
      "N",
      ValueType.number("connections", 1, 1_000_000),
      List.of("5000"),
      false,
      "Open TCP connections in all; the longest idle one makes room for a new one. The limit of"
          + " file descriptors (ulimit -n) less 512 bounds it too; a warning says so."),
  TCP_CONNECTIONS_PER_ADDRESS(
      "tcp-connections-per-address",
      "N",
      ValueType.number("connections", 1, 1_000_000),
      List.of("100"),
      false,
      "Open TCP connections of one IPv4 address or IPv6 /64."),
  TCP_IDLE_TIMEOUT(
      "tcp-idle-timeout",
      "TIME",
      ValueType.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
      List.of("10s"),
      false,
      "How long a TCP connection stays open after its last answer (RFC 7766). The time shrinks,"
          + " down to a tenth of it or 1s, while more than three quarters of tcp-connections are"
          + " open; clients that ask are told (RFC 7828)."),
  TCP_MESSAGE_TIMEOUT(
      "tcp-message-timeout",
      "TIME",
      ValueType.duration(Duration.ofSeconds(1), Duration.ofMinutes(1)),
      List.of("5s"),
      false,
      "How long a query over TCP may take from its first octet to its last, and a new connection to"
          + " its first query."),
  COOKIE_SECRETS(
      "cookie-secrets",
      "FILE",
      ValueType.PATH,
      List.of(),
      false,
      "File of one to three secrets for server cookies, 32 hexadecimal digits each, one a line, the"
          + " same on all servers behind one address. Cookies are made with the first; those of all"
          + " are accepted (RFC 9018 §5: add the new one last, put it first, take the old one"
          + " away). Read again at each reload. Without it the server makes its own and keeps them"
          + " in the state folder."),
  COOKIE_ROLLOVER(
      "cookie-rollover",
      "TIME",
      ValueType.duration(Duration.ofHours(2), Duration.ofDays(36)),
      List.of("24h"),
      false,
      "How long cookies are made with one secret before the server takes a new one; those of the"
          + " old one stay good as long again. RFC 7873 §7.1 asks for 26 hours at most and has 36"
          + " days as the limit. Secrets from a file are left alone."),
  SERVER_VERSION(
      "server-version",
      "TEXT",
      ValueType.text(128),
      List.of(),
      false,
      "What is answered for version.bind and version.server in class CHAOS. Without it they are"
          + " refused."),
  SERVER_ID(
      "server-id",
      "TEXT",
      ValueType.text(128),
      List.of(),
      false,
      "Which server of several this is: answered for id.server and hostname.bind in class CHAOS"
          + " (RFC 4892), and as NSID (RFC 5001). Without it those are refused, and NSID is"
          + " absent."),
  AUTHORITY_NS(
      "authority-ns",
      "on|off",
      ValueType.SWITCH,
      List.of("off"),
      false,
      "Whether positive answers carry the zone's NS records in the authority section, as Route 53's"
          + " do, while there is room. Resolvers do not need them."),
  RESOLVER(
      "resolver",
      "ADDR:PORT",
      ValueType.ADDRESS,
      List.of(),
      true,
      "Recursive resolvers that are asked, in this order, for names that are not served here:"
          + " aliases of load balancers and other names outside of the zones, and health checks by"
          + " name. Without any, those of /etc/resolv.conf."),
  HEALTH_MAX_CHANGE(
      "health-max-change",
      "N",
      ValueType.number("percent", 0, 100),
      List.of("20"),
      false,
      "How many of the health checks may go down within a minute, but at least five; the rest is"
          + " held, for so much at once is more often our trouble than theirs. 100: no limit."),
  VANTAGE(
      "vantage",
      "NAME",
      ValueType.text(64),
      List.of(),
      false,
      "The name of this vantage point among those that vote on health, REGION/NAME or NAME. Each has"
          + " its own."),
  VOTE_LISTEN(
      "vote-listen",
      "ADDR:PORT",
      ValueType.ADDRESS,
      List.of(),
      false,
      "Where the votes of other vantage points are received, over UDP. They send from there, too."),
  VOTE_PEERS(
      "vote-peers",
      "ADDR:PORT",
      ValueType.ADDRESS,
      List.of(),
      true,
      "Where all the other vantage points receive votes. With them, a health check's verdict is that"
          + " of all; without, it is this server's own. Needs vantage, vote-listen and"
          + " vote-key-file."),
  VOTE_KEY_FILE(
      "vote-key-file",
      "FILE",
      ValueType.PATH,
      List.of(),
      false,
      "File with a key of at least 32 characters, the same at all vantage points, that votes are"
          + " authenticated by (HMAC-SHA256)."),
  QUORUM(
      "quorum",
      "RULE",
      ValueType.QUORUM,
      List.of("18%"),
      false,
      "When a target is healthy by the votes of those vantage points that are heard: more than a"
          + " share of them say so (18% is Route 53's rule), any, a majority, all, or a majority in"
          + " the majority of regions. While fewer than half of all are heard, nothing goes down."),
  ALERT_URL(
      "alert-url",
      "URL",
      ValueType.WEBHOOK,
      List.of(),
      true,
      "Where every entry of the journal is posted to as JSON, within moments, and again until it is"
          + " received."),
  ALERT_KEY_FILE(
      "alert-key-file",
      "FILE",
      ValueType.PATH,
      List.of(),
      false,
      "File with a key of at least 32 characters that posts to alert-url are signed with: the header"
          + " Meridian-Signature is sha256= and the body's HMAC-SHA256 in hexadecimal digits."),
  JOURNAL_SIZE(
      "journal-size",
      "N",
      ValueType.number("MiB", 1, 1024),
      List.of("16"),
      false,
      "How much of the journal is kept in the state folder: every change of health, override and"
          + " reload, the oldest forgotten first. 16 MiB are about 100000 entries."),
  HEALTH_EXEC(
      "health-exec",
      "on|off",
      ValueType.SWITCH,
      List.of("off"),
      false,
      "Whether health checks may run programs (the kind exec). Whoever can write a policy file can"
          + " then run any program as the server's user."),
  HEALTH_ALLOW(
      "health-allow",
      "PREFIX",
      ValueType.PREFIX,
      List.of(),
      true,
      "Addresses that health checks may probe though health-deny or the built-in list has them in a"
          + " shorter prefix: the longest prefix decides. Built in are metadata services of clouds,"
          + " link-local, multicast, unspecified and reserved addresses, which only a prefix of"
          + " theirs or within can open."),
  HEALTH_DENY(
      "health-deny",
      "PREFIX",
      ValueType.PREFIX,
      List.of(),
      true,
      "Addresses that health checks may not probe, whether they are written in a file or a name"
          + " resolves to them. A policy that probes one is not loaded. Of prefixes of one length,"
          + " the denied one decides."),
  HEALTH_SOURCE_IPV4(
      "health-source-ipv4",
      "ADDR",
      ValueType.IPV4,
      List.of(),
      false,
      "The address of this machine that health checks ask IPv4 targets from, so that they can let it"
          + " in. Without it the system chooses by its routes; the port is always its choice."),
  HEALTH_SOURCE_IPV6(
      "health-source-ipv6", "ADDR", ValueType.IPV6, List.of(), false, "The same for IPv6 targets."),
  GATE(
      "gate",
      "WORD",
      ValueType.choice(GateChoice.class),
      List.of("on"),
      false,
      "Whether files that are not wrong are held back all the same, while the last good set serves,"
          + " if what they change would be a disaster: docs/CHANGES.md has the rules. 'meridian"
          + " reload --force --reason TEXT' serves them. With warn they are served, and told."),
  GATE_ALLOW(
      "gate-allow",
      "RULE",
      ValueType.choice(GateRule.class),
      List.of(),
      true,
      "Rules of the gate that only warn."),
  GATE_MAX_CHANGE(
      "gate-max-change",
      "N",
      ValueType.number("percent", 0, 100),
      List.of("30"),
      false,
      "How many of the answers may change in one load: every RRset counts alike, and within it the"
          + " address space. Four RRsets, and TXT records, may always change."),
  GATE_MAX_GEO_CHANGE(
      "gate-max-geo-change",
      "N",
      ValueType.number("percent", 0, 100),
      List.of("10"),
      false,
      "How many of the clients of names that are answered by policy another geo database may have"
          + " answered otherwise."),
  SHARE_SERIES(
      "share-series",
      "N|off",
      ValueType.numberOrOff("endpoints of names", 1, 100_000),
      List.of("2000"),
      false,
      "For how many endpoints, each of a routed name and type, it is counted how often they are"
          + " chosen; the ops page and metrics have what they should get beside it. Names beyond"
          + " that are not counted. Each costs 8 octets and event loop, and two series."),
  SPANS_ENDPOINT(
      "spans-endpoint",
      "URL",
      ValueType.WEBHOOK,
      List.of(),
      false,
      "Where a collector of OpenTelemetry takes spans by OTLP over HTTP, such as"
          + " http://127.0.0.1:4318/v1/traces: loads, requests of the API, and some of the probes;"
          + " never queries."),
  SPANS_CHECKS(
      "spans-checks",
      "N",
      ValueType.number("probes", 1, 1_000_000),
      List.of("100"),
      false,
      "One in so many probes of health checks becomes a span."),
  LOG_FORMAT(
      "log-format",
      "text|json",
      ValueType.choice(LogFormat.class),
      List.of(),
      false,
      "How the server's log is written on standard error: as text, or one JSON object a line."
          + " Without it, the environment variable MERIDIAN_LOG_FORMAT says so; else text."),
  QUERY_LOG(
      "query-log",
      "FILE|-",
      ValueType.PATH,
      List.of(),
      false,
      "File that answered queries are written to, a line each; - is standard output. Opened anew"
          + " after SIGHUP, and when it has been moved or deleted. See docs/LOGS.md."),
  QUERY_LOG_FORMAT(
      "query-log-format",
      "FORMAT",
      ValueType.choice(QueryLogFormat.class),
      List.of("json"),
      false,
      "How query-log is written: as Route 53 does, or as JSON with the chosen endpoints and why."),
  DNSTAP(
      "dnstap",
      "unix:PATH|FILE",
      new ValueType<>("", "unix: and the path of a socket, or a path", DnstapTarget::parse),
      List.of(),
      false,
      "Where queries and responses go as dnstap (AUTH_QUERY, AUTH_RESPONSE): a Unix socket that"
          + " something like fstrm_capture listens on, or a file."),
  QUERY_SAMPLE(
      "query-sample",
      "N",
      ValueType.number("answers", 1, 1_000_000),
      List.of("1"),
      false,
      "One in so many answers goes to query-log and dnstap, each with equal chance."),
  QUERY_CLIENTS(
      "query-clients",
      "network|address",
      ValueType.choice(LoggedClient.class),
      List.of("network"),
      false,
      "What query-log and dnstap say of a client: its /24 or /56, or its whole address. The messages"
          + " inside of dnstap are as they were."),
  WATCH(
      "watch",
      "on|off",
      ValueType.SWITCH,
      List.of("on"),
      false,
      "Whether a change in the zones folder, the geo databases or the file of cookie secrets is"
          + " loaded by itself. SIGHUP and 'meridian reload' work either way."),
  UPGRADE_PROBATION(
      "upgrade-probation",
      "TIME",
      ValueType.duration(Duration.ZERO, Duration.ofMinutes(10)),
      List.of("10s"),
      false,
      "How long a process that takes another's place answers before the other one ends; if it fails"
          + " until then, the other one goes on."),

  DRAIN(
      "drain",
      "TIME",
      ValueType.duration(Duration.ZERO, Duration.ofMinutes(5)),
      List.of("0s"),
      false,
      "How long queries are still answered after SIGTERM, while /readyz already says no.");

  private final String key;
  private final String placeholder;
  private final ValueType<?> type;
  private final List<String> defaults;
  private final boolean repeatable;
  private final String doc;

  ConfigKey(
      String key,
      String placeholder,
      ValueType<?> type,
      List<String> defaults,
      boolean repeatable,
      String doc) {
    this.key = key;
    this.placeholder = placeholder;
    this.type = type;
    this.defaults = defaults;
    this.repeatable = repeatable;
    this.doc = doc;
  }

  /** The name in the configuration file; with two dashes before it, the flag. */
  public String key() {
    return key;
  }

  /** What stands for the value in help texts. */
  public String placeholder() {
    return placeholder;
  }

  /** The values taken when nothing is set; empty where absence has a meaning of its own. */
  public List<String> defaults() {
    return defaults;
  }

  /** Whether the setting takes several values: a flag given again, or a list in the file. */
  public boolean repeatable() {
    return repeatable;
  }

  /** One or two sentences for a person who has to decide what to write. */
  public String doc() {
    return doc;
  }

  /** The unit of the value; empty where there is none. */
  public String unit() {
    return type.unit();
  }

  /** The values that are allowed, in words. */
  public String range() {
    return type.range();
  }

  /** Reads one value; throws {@link IllegalArgumentException} with a sentence. */
  Object read(String text) {
    return type.reader().apply(text);
  }

  /** The names of all settings. */
  static List<String> keys() {
    return Arrays.stream(values()).map(ConfigKey::key).toList();
  }

  /** The setting of that name. */
  public static Optional<ConfigKey> of(String key) {
    return Arrays.stream(values()).filter(k -> k.key.equals(key)).findFirst();
  }
}
