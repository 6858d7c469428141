package dev.meridian.config;

import dev.meridian.health.Quorum;
import dev.meridian.net.Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the server was told to do: complete, checked and immutable. The accessors are named after
 * the rows of {@link ConfigKey}, where each setting is explained.
 */
public final class ServerConfig {
  private final Map<ConfigKey, List<String>> texts;
  private final Map<ConfigKey, List<Object>> values;

  private ServerConfig(Map<ConfigKey, List<String>> texts, Map<ConfigKey, List<Object>> values) {
    this.texts = texts;
    this.values = values;
  }

  public static Builder builder() {
    return new Builder();
  }

  public Path zones() {
    return one(ConfigKey.ZONES, Path.class);
  }

  /** Empty: the embedded database. */
  public List<Path> geoip() {
    return all(ConfigKey.GEOIP, Path.class);
  }

  /** At least one. */
  public List<InetSocketAddress> listen() {
    return all(ConfigKey.LISTEN, InetSocketAddress.class);
  }

  /** Empty: no HTTP surface. */
  public Optional<InetSocketAddress> http() {
    Optional<?> address = one(ConfigKey.HTTP, Optional.class);
    return address.map(InetSocketAddress.class::cast);
  }

  /** Empty: no Unix socket. */
  public Optional<Path> httpSocket() {
    return all(ConfigKey.HTTP_SOCKET, Path.class).stream().findFirst();
  }

  /** Empty: no TLS. */
  public Optional<Path> httpTlsCert() {
    return all(ConfigKey.HTTP_TLS_CERT, Path.class).stream().findFirst();
  }

  /** There if {@link #httpTlsCert} is. */
  public Optional<Path> httpTlsKey() {
    return all(ConfigKey.HTTP_TLS_KEY, Path.class).stream().findFirst();
  }

  /** Empty: no tokens. */
  public Optional<Path> httpTokens() {
    return all(ConfigKey.HTTP_TOKENS, Path.class).stream().findFirst();
  }

  public List<String> httpHosts() {
    return all(ConfigKey.HTTP_HOST, String.class);
  }

  public Path state() {
    return one(ConfigKey.STATE, Path.class);
  }

  /** Octets. */
  public int udpPayloadMax() {
    return one(ConfigKey.UDP_PAYLOAD_MAX, Integer.class);
  }

  /** Octets. */
  public int udpPayloadWithoutCookie() {
    return one(ConfigKey.UDP_PAYLOAD_WITHOUT_COOKIE, Integer.class);
  }

  /** Empty: everybody. */
  public List<Prefix> allowQuery() {
    return all(ConfigKey.ALLOW_QUERY, Prefix.class);
  }

  public DenyChoice deny() {
    return one(ConfigKey.DENY, DenyChoice.class);
  }

  /** Responses a second and client; 0: no limit. */
  public int rateLimit() {
    return one(ConfigKey.RATE_LIMIT, Integer.class);
  }

  public int rateLimitSlip() {
    return one(ConfigKey.RATE_LIMIT_SLIP, Integer.class);
  }

  public List<Prefix> rateLimitExempt() {
    return all(ConfigKey.RATE_LIMIT_EXEMPT, Prefix.class);
  }

  /** At least 1: 0 has become the number of processors. */
  public int loops() {
    int loops = one(ConfigKey.LOOPS, Integer.class);
    return loops > 0 ? loops : Runtime.getRuntime().availableProcessors();
  }

  public UdpChoice udpPath() {
    return one(ConfigKey.UDP_PATH, UdpChoice.class);
  }

  public int tcpConnections() {
    return one(ConfigKey.TCP_CONNECTIONS, Integer.class);
  }

  public int tcpConnectionsPerAddress() {
    return one(ConfigKey.TCP_CONNECTIONS_PER_ADDRESS, Integer.class);
  }

  public Duration tcpIdleTimeout() {
    return one(ConfigKey.TCP_IDLE_TIMEOUT, Duration.class);
  }

  /** Empty: the server makes its own. */
  public Optional<Path> cookieSecrets() {
    return all(ConfigKey.COOKIE_SECRETS, Path.class).stream().findFirst();
  }

  public Duration cookieRollover() {
    return one(ConfigKey.COOKIE_ROLLOVER, Duration.class);
  }

  /** Empty: a secret. */
  public Optional<String> serverVersion() {
    return all(ConfigKey.SERVER_VERSION, String.class).stream().findFirst();
  }

  /** Empty: a secret. */
  public Optional<String> serverId() {
    return all(ConfigKey.SERVER_ID, String.class).stream().findFirst();
  }

  public boolean authorityNs() {
    return one(ConfigKey.AUTHORITY_NS, Boolean.class);
  }

  public Duration tcpMessageTimeout() {
    return one(ConfigKey.TCP_MESSAGE_TIMEOUT, Duration.class);
  }

  /** Empty: those of the system. */
  public List<InetSocketAddress> resolver() {
    return all(ConfigKey.RESOLVER, InetSocketAddress.class);
  }

  /** Percent. */
  public int healthMaxChange() {
    return one(ConfigKey.HEALTH_MAX_CHANGE, Integer.class);
  }

  /** Empty: it does not vote. */
  public Optional<String> vantage() {
    return all(ConfigKey.VANTAGE, String.class).stream().findFirst();
  }

  /** There if {@link #votePeers} are. */
  public Optional<InetSocketAddress> voteListen() {
    return all(ConfigKey.VOTE_LISTEN, InetSocketAddress.class).stream().findFirst();
  }

  /** Empty: health is this server's own view. */
  public List<InetSocketAddress> votePeers() {
    return all(ConfigKey.VOTE_PEERS, InetSocketAddress.class);
  }

  /** There if {@link #votePeers} are. */
  public Optional<Path> voteKeyFile() {
    return all(ConfigKey.VOTE_KEY_FILE, Path.class).stream().findFirst();
  }

  public Quorum quorum() {
    return one(ConfigKey.QUORUM, Quorum.class);
  }

  /** Empty: nobody is told. */
  public List<URI> alertUrls() {
    return all(ConfigKey.ALERT_URL, URI.class);
  }

  /** Empty: what is told is not signed. */
  public Optional<Path> alertKeyFile() {
    return all(ConfigKey.ALERT_KEY_FILE, Path.class).stream().findFirst();
  }

  /** Octets. */
  public long journalSize() {
    return (long) one(ConfigKey.JOURNAL_SIZE, Integer.class) << 20;
  }

  public boolean healthExec() {
    return one(ConfigKey.HEALTH_EXEC, Boolean.class);
  }

  /** Empty: nothing beyond what is not refused. */
  public List<Prefix> healthAllow() {
    return all(ConfigKey.HEALTH_ALLOW, Prefix.class);
  }

  /** Empty: only what is built in is refused. */
  public List<Prefix> healthDeny() {
    return all(ConfigKey.HEALTH_DENY, Prefix.class);
  }

  /** Empty: as the system routes. */
  public Optional<InetAddress> healthSourceIpv4() {
    return all(ConfigKey.HEALTH_SOURCE_IPV4, InetAddress.class).stream().findFirst();
  }

  /** Empty: as the system routes. */
  public Optional<InetAddress> healthSourceIpv6() {
    return all(ConfigKey.HEALTH_SOURCE_IPV6, InetAddress.class).stream().findFirst();
  }

  public GateChoice gate() {
    return one(ConfigKey.GATE, GateChoice.class);
  }

  /** Empty: all rules hold back. */
  public List<GateRule> gateAllow() {
    return all(ConfigKey.GATE_ALLOW, GateRule.class);
  }

  /** Share of the answers, 0 to 1. */
  public double gateMaxChange() {
    return one(ConfigKey.GATE_MAX_CHANGE, Integer.class) / 100.0;
  }

  /** Share of the clients, 0 to 1. */
  public double gateMaxGeoChange() {
    return one(ConfigKey.GATE_MAX_GEO_CHANGE, Integer.class) / 100.0;
  }

  /** 0: none. */
  public int shareSeries() {
    return one(ConfigKey.SHARE_SERIES, Integer.class);
  }

  /** Empty: nobody is told of spans. */
  public Optional<URI> spansEndpoint() {
    return all(ConfigKey.SPANS_ENDPOINT, URI.class).stream().findFirst();
  }

  /** One in so many probes. */
  public int spansChecks() {
    return one(ConfigKey.SPANS_CHECKS, Integer.class);
  }

  /** Empty: as the environment has it. */
  public Optional<LogFormat> logFormat() {
    return all(ConfigKey.LOG_FORMAT, LogFormat.class).stream().findFirst();
  }

  /** Empty: queries are not written down; {@code -}: on standard output. */
  public Optional<Path> queryLog() {
    return all(ConfigKey.QUERY_LOG, Path.class).stream().findFirst();
  }

  public QueryLogFormat queryLogFormat() {
    return one(ConfigKey.QUERY_LOG_FORMAT, QueryLogFormat.class);
  }

  /** Empty: nowhere. */
  public Optional<DnstapTarget> dnstap() {
    return all(ConfigKey.DNSTAP, DnstapTarget.class).stream().findFirst();
  }

  /** One in so many answers. */
  public int querySample() {
    return one(ConfigKey.QUERY_SAMPLE, Integer.class);
  }

  public LoggedClient queryClients() {
    return one(ConfigKey.QUERY_CLIENTS, LoggedClient.class);
  }

  public boolean watch() {
    return one(ConfigKey.WATCH, Boolean.class);
  }

  /** How long a process that takes another's place answers before the other one ends. */
  public Duration upgradeProbation() {
    return one(ConfigKey.UPGRADE_PROBATION, Duration.class);
  }

  public Duration drain() {
    return one(ConfigKey.DRAIN, Duration.class);
  }

  /** What is in force, setting by setting, in the words it was written in. */
  public Map<ConfigKey, List<String>> effective() {
    return texts;
  }

  private <T> T one(ConfigKey key, Class<T> type) {
    return type.cast(values.getOrDefault(key, List.of()).getFirst());
  }

  private <T> List<T> all(ConfigKey key, Class<T> type) {
    return values.getOrDefault(key, List.of()).stream().map(type::cast).toList();
  }

  /** Collects settings; flags win over the file, whichever is given first. */
  public static final class Builder {
    private final Map<ConfigKey, List<Setting>> fromFile = new EnumMap<>(ConfigKey.class);
    private final Map<ConfigKey, List<Setting>> fromFlags = new EnumMap<>(ConfigKey.class);
    private final List<ConfigProblem> problems = new ArrayList<>();

    private Builder() {}

    /** Takes the settings of a YAML file; what is wrong with it is told by {@link #conclude}. */
    public Builder file(Path file) {
      ConfigFile.read(file, fromFile, problems);
      return this;
    }

    /** Takes a flag's values, in the order given; an empty list leaves the setting alone. */
    public Builder flag(ConfigKey key, List<String> given) {
      if (!given.isEmpty()) {
        String where = "--" + key.key();
        fromFlags.put(key, given.stream().map(text -> new Setting(text, where)).toList());
      }
      return this;
    }

    /**
     * Derives what was not said, checks everything, and closes the configuration.
     *
     * @throws ConfigException with every problem, not just the first
     */
    public ServerConfig conclude() {
      Map<ConfigKey, List<String>> texts = new EnumMap<>(ConfigKey.class);
      Map<ConfigKey, List<Object>> values = new EnumMap<>(ConfigKey.class);
      for (ConfigKey key : ConfigKey.values()) {
        List<Setting> settings = settings(key);
        texts.put(key, settings.stream().map(Setting::text).toList());
        values.put(key, read(key, settings));
      }
      ServerConfig config = new ServerConfig(Collections.unmodifiableMap(texts), values);
      if (problems.isEmpty()) {
        checkHttp(config);
      }
      checkVotes(values);
      if (!problems.isEmpty()) {
        throw new ConfigException(problems);
      }
      return config;
    }

    private String where(ConfigKey key) {
      return settings(key).getFirst().where();
    }

    private void checkHttp(ServerConfig config) {
      boolean tls = config.httpTlsCert().isPresent();
      if (tls != config.httpTlsKey().isPresent()) {
        ConfigKey given = tls ? ConfigKey.HTTP_TLS_CERT : ConfigKey.HTTP_TLS_KEY;
        ConfigKey missing = tls ? ConfigKey.HTTP_TLS_KEY : ConfigKey.HTTP_TLS_CERT;
        problems.add(
            new ConfigProblem(where(given), missing.key() + " is missing: TLS needs both files"));
      }
      boolean remote =
          config.http().filter(http -> !http.getAddress().isLoopbackAddress()).isPresent();
      if (remote && !(tls && config.httpTokens().isPresent())) {
        problems.add(
            new ConfigProblem(
                where(ConfigKey.HTTP),
                "'"
                    + config.effective().getOrDefault(ConfigKey.HTTP, List.of("")).getFirst()
                    + "' can be reached from other machines, and needs http-tls-cert, http-tls-key"
                    + " and http-tokens; or use 127.0.0.1:PORT and come through ssh -L or a"
                    + " proxy"));
      }
    }

    private void checkVotes(Map<ConfigKey, List<Object>> values) {
      if (values.getOrDefault(ConfigKey.VOTE_PEERS, List.of()).isEmpty()) {
        return;
      }
      for (ConfigKey needed :
          List.of(ConfigKey.VANTAGE, ConfigKey.VOTE_LISTEN, ConfigKey.VOTE_KEY_FILE)) {
        if (settings(needed).isEmpty()) {
          problems.add(
              new ConfigProblem(
                  where(ConfigKey.VOTE_PEERS),
                  "vote-peers needs " + needed.key() + ", which is missing"));
        }
      }
    }

    private List<Setting> settings(ConfigKey key) {
      List<Setting> given = fromFlags.getOrDefault(key, fromFile.getOrDefault(key, List.of()));
      if (!given.isEmpty()) {
        return given;
      }
      return key.defaults().stream().map(text -> new Setting(text, "default")).toList();
    }

    private List<Object> read(ConfigKey key, List<Setting> settings) {
      if (settings.size() > 1 && !key.repeatable()) {
        problems.add(
            new ConfigProblem(settings.get(1).where(), key.key() + " can be given only once"));
      }
      List<Object> values = new ArrayList<>();
      for (Setting setting : settings) {
        try {
          values.add(key.read(setting.text()));
        } catch (IllegalArgumentException e) {
          problems.add(new ConfigProblem(setting.where(), message(e)));
        }
      }
      return values;
    }

    private static String message(IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * A value as it was written.
   *
   * @param where the flag, or {@code file:line:column}
   */
  record Setting(String text, String where) {}
}
