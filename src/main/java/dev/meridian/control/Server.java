package dev.meridian.control;

import dev.meridian.answer.AnswerSettings;
import dev.meridian.answer.CookieSecrets;
import dev.meridian.answer.QueryAccess;
import dev.meridian.answer.QueryContext;
import dev.meridian.answer.QueryProcessor;
import dev.meridian.answer.QueryRecorder;
import dev.meridian.answer.QueryStats;
import dev.meridian.answer.RateLimitSettings;
import dev.meridian.answer.RateLimiter;
import dev.meridian.answer.ServerCookies;
import dev.meridian.answer.ServerIdentity;
import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.config.DenyChoice;
import dev.meridian.config.ListenAddress;
import dev.meridian.config.LoggedClient;
import dev.meridian.config.ServerConfig;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthHistory;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthStatus;
import dev.meridian.net.PrefixSet;
import dev.meridian.querylog.QueryLog;
import dev.meridian.querylog.QueryLogSettings;
import dev.meridian.resolver.Resolver;
import dev.meridian.resolver.ResolverSettings;
import dev.meridian.spans.Spans;
import dev.meridian.transport.DnsServer;
import dev.meridian.transport.QueryLoop;
import dev.meridian.transport.TcpSettings;
import dev.meridian.transport.Traffic;
import dev.meridian.transport.TransportSettings;
import dev.meridian.transport.TransportStats;
import dev.meridian.transport.UdpPath;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: what answers queries, what watches health, what watches the files, and {@link
 * Control} between them. Started once, closed once.
 *
 * <p>The order of the start: look at the files, load them, warm the query path, open the sockets.
 * The order of the end: say not ready, wait for the drain time, close the sockets, stop the rest.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  /** A pause at the start that nobody notices. */
  private static final Duration WARM_UP = Duration.ofMillis(80);

  /** In octets; a start with less is not delayed by a collection. */
  private static final long MUCH_MEMORY = 128L << 20;

  private final ServerConfig config;
  private final Parts parts;
  private final StateHolder states;
  private final AnswerSettings answers;
  private final @Nullable CookieKeeper cookies;
  private final List<QueryStats> queryStats = new ArrayList<>();
  private final StateLock lock;
  private final Journal journal;
  private final List<AlertSender> alerts;
  private final KeptSets kept;
  private final StateSource source;
  private final Control control;
  private final ShareKeeper shares;
  private @Nullable Names names;
  private final @Nullable FolderWatch watch;
  private final Instant startedAt;
  private @Nullable QueryLog queryLog;
  private @Nullable DnsServer dns;

  private Server(ServerConfig config, Parts parts, StateLock lock) {
    this.lock = lock;
    this.config = config;
    this.states = new StateHolder(config.shareSeries());
    this.shares = new ShareKeeper(states, this::queryStats, () -> status().space().geo());
    this.parts = parts;
    // until the first load or the state folder brings better ones, nobody knows these
    CookieSecrets unknown = CookieSecrets.random(new SecureRandom());
    ServerCookies cookieMaker = new ServerCookies(unknown, parts.clock());
    this.answers = answers(config, cookieMaker);
    this.cookies = config.cookieSecrets().isPresent() ? null : keeper(config, parts, cookieMaker);
    this.startedAt = parts.clock().instant();
    this.source = source(config, parts, cookieMaker);
    this.journal = Journal.open(config.state(), config.journalSize(), parts.clock());
    this.alerts = AlertSender.all(config, journal);
    this.kept = KeptSets.open(config.state(), config.zones());
    JournalKeeper keeper = new JournalKeeper(journal);
    this.control =
        new Control(
            source,
            parts.gate(),
            kept,
            states,
            parts.clock(),
            listener -> parts.health().start(listener, keeper::happened),
            result -> {
              keeper.reloaded(result);
              new LoadSpans(parts.spans()).reloaded(result);
            },
            listener -> {
              Names started = new Names(config.state(), () -> resolver(config), listener);
              names = started;
              return started;
            });
    this.watch =
        config.watch()
            ? FolderWatch.of(roots(config), () -> control.reload("files changed"))
            : null;
  }

  private static AnswerSettings answers(ServerConfig config, ServerCookies cookieMaker) {
    return new AnswerSettings(
        config.udpPayloadMax(),
        config.udpPayloadWithoutCookie(),
        Optional.of(cookieMaker),
        new ServerIdentity(config.serverVersion(), config.serverId()),
        Optional.of(config.tcpIdleTimeout()),
        config.authorityNs(),
        access(config));
  }

  private static QueryAccess access(ServerConfig config) {
    return config.allowQuery().isEmpty()
        ? QueryAccess.EVERYBODY
        : new QueryAccess(PrefixSet.of(config.allowQuery()), config.deny() == DenyChoice.DROP);
  }

  private static Resolver resolver(ServerConfig config) {
    return new Resolver(ResolverSettings.of(config.resolver()), new SecureRandom());
  }

  private static CookieKeeper keeper(ServerConfig config, Parts parts, ServerCookies cookieMaker) {
    return new CookieKeeper(
        config.state(),
        parts.clock(),
        config.cookieRollover(),
        new SecureRandom(),
        cookieMaker::use);
  }

  private static StateSource source(ServerConfig config, Parts parts, ServerCookies cookieMaker) {
    StateSource files = copying(config, parts.source());
    return config
        .cookieSecrets()
        .<StateSource>map(file -> new SharedCookies(files, file, cookieMaker::use))
        .orElse(files);
  }

  private static StateSource copying(ServerConfig config, StateSource files) {
    Path zones = config.zones().toAbsolutePath().normalize();
    Path state = config.state().toAbsolutePath().normalize();
    boolean visible =
        state.startsWith(zones)
            && StreamSupport.stream(zones.relativize(state).spliterator(), false)
                .noneMatch(name -> name.toString().startsWith("."));
    if (visible) {
      LOG.warn("No sets are kept: the state folder {} is in the zones folder", config.state());
      return files;
    }
    return new CopyingSource(files, config.zones(), config.geoip());
  }

  private static List<Path> roots(ServerConfig config) {
    List<Path> roots = new ArrayList<>(config.geoip());
    roots.add(config.zones());
    config.cookieSecrets().ifPresent(roots::add);
    return roots;
  }

  /**
   * Loads and serves. Returns when queries are being answered.
   *
   * @throws StateInUseException if another server has the state folder
   * @throws LoadFailedException if the files cannot be served as they are
   * @throws dev.meridian.transport.ListenException if an address cannot be opened
   */
  public static Server start(ServerConfig config, Parts parts) throws LoadFailedException {
    Server server = locked(config, parts);
    try {
      server.start();
      return server;
    } catch (LoadFailedException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Server locked(ServerConfig config, Parts parts) {
    StateLock lock = StateLock.take(config.state());
    try {
      return new Server(config, parts, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void start() throws LoadFailedException {
    CompletableFuture<ReloadResult> loading = control.reload("start");
    LOG.debug("Best UDP path: {}", DnsServer.bestUdpPath()); // native code, while files are read
    ReloadResult first = loading.join();
    if (!first.ok()) {
      throw new LoadFailedException(first.problems());
    }
    if (cookies != null) {
      cookies.begin();
    }
    giveBackMemory();
    queryLog = queryLog();
    WarmUp.run(states, config.udpPayloadMax(), WARM_UP);
    DnsServer opened = DnsServer.start(config.listen(), transport(config), this::loop);
    dns = opened;
    LOG.info("Answering on {} (UDP path: {})", list(opened.boundAddresses()), opened.udpPath());
    shares.start();
    new JournalKeeper(journal).started(parts.version());
    if (watch != null) {
      watch.start();
    }
  }

  /** What reading much data left behind is collected now, while nobody waits for an answer. */
  private static void giveBackMemory() {
    Runtime runtime = Runtime.getRuntime();
    if (runtime.totalMemory() - runtime.freeMemory() > MUCH_MEMORY) {
      runtime.gc();
    }
  }

  private static String list(List<InetSocketAddress> addresses) {
    return String.join(", ", addresses.stream().map(ListenAddress::format).toList());
  }

  private QueryLoop loop(int loop, Traffic traffic) {
    QueryContext context = new QueryContext(parts.random().nextLong(), states.choices());
    synchronized (queryStats) {
      queryStats.add(context.stats());
    }
    QueryProcessor processor = new QueryProcessor(states, answers);
    RateLimiter limiter =
        config.rateLimit() == 0 || traffic == Traffic.TCP // which is never limited
            ? null
            : limiter();
    if (queryLog != null) {
      QueryRecorder recorder =
          new QueryRecorder(
              states,
              processor,
              limiter,
              queryLog.ring(),
              config.querySample(),
              parts.random().nextLong());
      return new QueryLoop(context, recorder::process);
    }
    return new QueryLoop(
        context,
        limiter == null
            ? processor::process
            : query -> limiter.limit(query, processor.process(query)));
  }

  private RateLimiter limiter() {
    return new RateLimiter(
        new RateLimitSettings(
            config.rateLimit(), config.rateLimitSlip(), PrefixSet.of(config.rateLimitExempt())),
        answers.udpPayload(),
        config.loops(),
        new SecureRandom());
  }

  private @Nullable QueryLog queryLog() {
    QueryLogSettings settings =
        new QueryLogSettings(
            config.queryLog(),
            config.queryLogFormat(),
            config.dnstap(),
            config.querySample(),
            config.queryClients() == LoggedClient.ADDRESS,
            config.serverId(),
            parts.version());
    return settings.isOn() ? new QueryLog(settings, parts.clock(), () -> status().space()) : null;
  }

  /** Opens logs anew that somebody has moved. */
  public void reopenLogs() {
    if (queryLog != null) {
      queryLog.reopen();
    }
  }

  /** Who is told what was done. */
  public Spans spans() {
    return parts.spans();
  }

  /** Queries that were to be written down and were not. */
  public long queryLogLost() {
    return queryLog == null ? 0 : queryLog.lost();
  }

  private static TransportSettings transport(ServerConfig config) {
    return TransportSettings.defaults()
        .withLoops(config.loops())
        .withUdpPath(UdpPath.valueOf(config.udpPath().name()))
        .withDontFragment(config.udpPayloadMax() <= QueryProcessor.DEFAULT_UDP_PAYLOAD)
        .withTcp(
            new TcpSettings(
                config.tcpConnections(),
                config.tcpConnectionsPerAddress(),
                config.tcpIdleTimeout(),
                config.tcpMessageTimeout(),
                TcpSettings.defaults().writeBufferOctets()));
  }

  /** Loads everything anew; see {@link Control#reload}. */
  public CompletableFuture<ReloadResult> reload(String reason) {
    return control.reload(reason);
  }

  /** The same, whatever the publish gate says; see {@link Control#force}. */
  public CompletableFuture<ReloadResult> force(String reason) {
    return control.force(reason);
  }

  /** The good sets that are kept, newest first. */
  public List<KeptSet> keptSets() {
    return kept.list();
  }

  /** How often a good set could not be kept. */
  public long keptFailures() {
    return kept.failures();
  }

  /**
   * Serves a kept set again; see {@link Control#rollback}.
   *
   * @param generation of a kept set; empty: the newest before what is served
   * @throws IllegalArgumentException if there is no such set
   */
  public CompletableFuture<ReloadResult> rollback(OptionalLong generation, String reason) {
    ReloadResult served = status().lastGood();
    return control.rollback(kept.choose(generation, served), reason);
  }

  /**
   * What was served at an earlier moment, by the kept sets and the journal. Reads the disk and may
   * compile a set: not for a thread that must not wait.
   *
   * @throws IllegalArgumentException if what is kept does not cover that moment
   */
  public PastServing past(Instant at) {
    if (at.isAfter(now())) {
      throw new IllegalArgumentException(at + " is not past");
    }
    try {
      Past past = Past.read(journal.since(0, Integer.MAX_VALUE), at);
      KeptSet set = past.among(kept.list());
      LoadedState loaded = kept.load(set, source);
      return serving(past, set, loaded);
    } catch (IOException | LoadFailedException e) {
      throw new IllegalArgumentException(at + " cannot be looked at: " + e.getMessage(), e);
    }
  }

  private PastServing serving(Past past, KeptSet set, LoadedState loaded) {
    Set<String> down =
        board().statuses().stream()
            .filter(status -> !status.isHealthy())
            .map(HealthStatus::id)
            .collect(Collectors.toSet());
    Set<String> ids = loaded.checks().stream().map(HealthCheck::id).collect(Collectors.toSet());
    HealthRegistry registry = parts.registry();
    ServerState state = past.state(loaded, down, registry);
    return new PastServing(
        set,
        state,
        loaded.space(),
        id -> ids.contains(id) ? Optional.of(registry.indexOf(id)) : Optional.empty(),
        registry::idOf,
        number -> {
          Past.Known known = past.health().get(registry.idOf(number));
          String why = known == null ? "the journal has no change of it" : known.reason();
          return registry.idOf(number)
              + ": "
              + (state.eligibility().isEligible(number) ? "healthy" : "unhealthy")
              + (why.isEmpty() ? "" : " " + why);
        });
  }

  public ServerConfig config() {
    return config;
  }

  /** This build, such as {@code 0.1.0}. */
  public String version() {
    return parts.version();
  }

  /** Wall clock. */
  public Instant startedAt() {
    return startedAt;
  }

  /** Wall clock. */
  public Instant now() {
    return parts.clock().instant();
  }

  /** What is being served at this moment. */
  public ServerState state() {
    return states.get();
  }

  /** What there is to know about loading. */
  public ControlStatus status() {
    return control.status();
  }

  /** What health checking says. */
  public HealthBoard board() {
    return control.board();
  }

  /** All that happened. */
  public Journal journal() {
    return journal;
  }

  /** The last results of every check. */
  public HealthHistory history() {
    return control.history();
  }

  /** Puts an override in force; see {@link Parts.HealthStarter#place}. */
  public CompletableFuture<HealthBoard> place(HealthOverride override) {
    return parts.health().place(override);
  }

  /** How each webhook fares. */
  public List<AlertFigures> alerts() {
    return alerts.stream().map(AlertSender::figures).toList();
  }

  /** What has gone between this vantage point and others. */
  public VoteFigures votes() {
    return parts.health().votes();
  }

  /** How far what is kept of health is behind what is known. */
  public Duration healthBehind() {
    return parts.health().behind();
  }

  /** Takes a heartbeat of a target; see {@link Parts.HealthStarter#beat}. */
  public boolean beat(String checkId, String token) {
    return parts.health().beat(checkId, token);
  }

  /** Ends an override; see {@link Parts.HealthStarter#lift}. */
  public CompletableFuture<HealthBoard> lift(String selector, boolean weight) {
    return parts.health().lift(selector, weight);
  }

  /** The counters of the query path, one set per thread that answers. */
  public List<QueryStats> queryStats() {
    synchronized (queryStats) {
      return List.copyOf(queryStats);
    }
  }

  /** What endpoints should have of the answers, and what they have had. */
  public ShareTable shares() {
    return shares.table();
  }

  /** Works {@link #shares} out anew; completes when that is done. */
  CompletableFuture<Void> refreshShares() {
    return shares.refresh();
  }

  /** The counters of the transport, one set per thread that answers. */
  public List<TransportStats> transportStats() {
    return dns == null ? List.of() : dns.stats();
  }

  /** Where queries are answered, over UDP and TCP alike. */
  public List<InetSocketAddress> addresses() {
    return dns == null ? List.of() : dns.boundAddresses();
  }

  /** How datagrams are read and written. */
  public UdpPath udpPath() {
    return dns == null ? UdpPath.AUTO : dns.udpPath();
  }

  /** Completes when every thread that answers or publishes has come round once more. */
  public CompletableFuture<Void> turn() {
    return dns == null ? control.turn() : CompletableFuture.allOf(control.turn(), dns.turn());
  }

  /**
   * Says not ready, tells TCP clients to go, and waits as long as {@code drain} has it, answering
   * queries all the while. Ends early when the thread is interrupted.
   */
  public void drain() {
    control.drain().join();
    if (dns != null) {
      dns.drain();
    }
    try {
      Thread.sleep(config.drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers what has arrived, closes the sockets and ends every thread. */
  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    if (dns != null) {
      dns.close();
    }
    shares.close();
    if (queryLog != null) {
      queryLog.close();
    }
    if (cookies != null) {
      cookies.close();
    }
    control.close(); // first, for a load under way would find health checking gone
    if (names != null) {
      names.close();
    }
    parts.health().close();
    kept.close();
    if (dns != null) {
      new JournalKeeper(journal).stopped(parts.version());
    }
    parts.spans().close();
    alerts.forEach(AlertSender::close);
    journal.close();
    lock.close();
  }
}
