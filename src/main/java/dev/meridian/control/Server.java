package dev.meridian.control;

import dev.meridian.alert.AlertFigures;
import dev.meridian.alert.Alerts;
import dev.meridian.answer.CookieSecrets;
import dev.meridian.answer.QueryStats;
import dev.meridian.answer.ServerCookies;
import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.config.ServerConfig;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthHistory;
import dev.meridian.health.HealthOverride;
import dev.meridian.net.SocketAddresses;
import dev.meridian.publish.FolderWatch;
import dev.meridian.publish.KeptSet;
import dev.meridian.publish.KeptSets;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.publish.PastServing;
import dev.meridian.publish.ReloadResult;
import dev.meridian.publish.Sight;
import dev.meridian.publish.StateSource;
import dev.meridian.querylog.QueryLog;
import dev.meridian.querylog.QueryLogSettings;
import dev.meridian.resolver.Resolver;
import dev.meridian.resolver.ResolverSettings;
import dev.meridian.spans.Spans;
import dev.meridian.state.CookieKeeper;
import dev.meridian.state.Journal;
import dev.meridian.state.StateLock;
import dev.meridian.text.RefusedException;
import dev.meridian.transport.Background;
import dev.meridian.transport.DnsServer;
import dev.meridian.transport.PassedSocket;
import dev.meridian.transport.PassedSocket.Kind;
import dev.meridian.transport.TransportStats;
import dev.meridian.transport.UdpPath;
import dev.meridian.vote.VoteFigures;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: what answers queries, what watches health, what watches the files, and {@link
 * Control} between them. Started once, closed once.
 *
 * <p>The order of the start: look at the files, load them and prepare meanwhile what answers, warm
 * the query path, open the sockets. The order of the end: say not ready, wait for the drain time,
 * close the sockets, stop the rest.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  /** A pause at the start that nobody notices. */
  private static final Duration WARM_UP = Duration.ofMillis(80);

  /** How long TCP clients have to notice that another process serves now. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A little more than the parts themselves have for their last writes. */
  private static final Duration DISK_PATIENCE = Duration.ofMillis(2500);

  /** In octets; a start with less is not delayed by a collection. */
  private static final long MUCH_MEMORY = 128L << 20;

  private final ServerConfig config;
  private final Parts parts;
  private final StateHolder states;
  private final @Nullable CookieKeeper cookies;
  private final QueryLoops loops;
  private final StateLock lock;
  private final Inheritance inheritance;
  private final Journal journal;
  private final Alerts alerts;
  private final KeptSets kept;
  private final StateSource source;
  private final Control control;
  private final ShareKeeper shares;
  private @Nullable Names names;
  private final @Nullable FolderWatch watch;
  private final Instant startedAt;
  private final LongAdder upgradeFailures = new LongAdder();
  private @Nullable QueryLog queryLog;
  private @Nullable DnsServer dns;
  private boolean answering;

  private Server(ServerConfig config, Parts parts, StateLock lock, Inheritance inheritance) {
    this.lock = lock;
    this.inheritance = inheritance;
    this.config = config;
    this.states = new StateHolder(config.shareSeries());
    this.shares = new ShareKeeper(states, this::queryStats, () -> status().space().geo());
    this.parts = parts;
    // until the first load or the state folder brings better ones, nobody knows these
    CookieSecrets unknown = CookieSecrets.random(new SecureRandom());
    ServerCookies cookieMaker = new ServerCookies(unknown, parts.clock());
    this.loops = new QueryLoops(config, parts.random(), states, cookieMaker);
    this.cookies = config.cookieSecrets().isPresent() ? null : keeper(config, parts, cookieMaker);
    this.startedAt = parts.clock().instant();
    ServedFiles files = new ServedFiles(config);
    Sight sight = files.sight();
    this.source = files.source(parts.source(), sight, cookieMaker::use);
    this.journal =
        Journal.open(config.state(), config.journalSize(), parts.clock(), !inheritance.isNone());
    this.alerts = new Alerts(config, journal);
    this.kept = KeptSets.open(config.state(), config.zones(), inheritance.generation());
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
            ? FolderWatch.of(sight, files.beside(), () -> control.reloadNoted("files changed"))
            : null;
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

  /**
   * Loads and serves. Returns when queries are being answered.
   *
   * @throws StateInUseException if another server has the state folder
   * @throws LoadFailedException if the files cannot be served as they are
   * @throws dev.meridian.transport.ListenException if an address cannot be opened
   */
  public static Server start(ServerConfig config, Parts parts) throws LoadFailedException {
    return start(config, parts, Inheritance.NONE);
  }

  /** As above, in the place of another process. */
  static Server start(ServerConfig config, Parts parts, Inheritance inheritance)
      throws LoadFailedException {
    Server server = locked(config, parts, inheritance);
    try {
      server.start();
      return server;
    } catch (LoadFailedException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Server locked(ServerConfig config, Parts parts, Inheritance inheritance) {
    StateLock lock = StateLock.take(config.state());
    try {
      if (inheritance.health() != null) {
        parts.health().inherit(inheritance.health());
      }
      return new Server(config, parts, lock, inheritance);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void start() throws LoadFailedException {
    if (!inheritance.isNone()) {
      control.letLoadsStepBack(); // somebody else is answering already
    }
    CompletableFuture<ReloadResult> loading = control.reload("start");
    Background.compilers();
    DnsServer ready = prepare();
    ReloadResult first = loading.join();
    if (!first.ok()) {
      throw new LoadFailedException(first.problems());
    }
    control.letLoadsStepBack();
    giveBackMemory();
    int warmed = WarmUp.run(states, config.udpPayloadMax(), WARM_UP);
    LOG.debug("Warm after {} queries", warmed);
    ready.open(config.listen());
    answering = true;
    LOG.info("Answering on {} (UDP path: {})", list(ready.boundAddresses()), ready.udpPath());
    shares.start();
    new JournalKeeper(journal).started(parts.version(), inheritance.from());
    if (watch != null) {
      watch.start();
    }
  }

  /** All that answering takes but zones and sockets, while the zones are read. */
  private DnsServer prepare() {
    if (cookies != null) {
      cookies.begin(inheritance.cookies());
    }
    queryLog = queryLog();
    loops.logTo(queryLog);
    DnsServer made =
        new DnsServer(
            QueryLoops.transport(config),
            loops,
            inheritance.sockets(Kind.UDP, Kind.UDP_EVENTS, Kind.TCP));
    dns = made;
    return made;
  }

  /** What reading much data left behind is collected now, while nobody waits for an answer. */
  private static void giveBackMemory() {
    Runtime runtime = Runtime.getRuntime();
    if (runtime.totalMemory() - runtime.freeMemory() > MUCH_MEMORY) {
      runtime.gc();
    }
  }

  private static String list(List<InetSocketAddress> addresses) {
    return String.join(", ", addresses.stream().map(SocketAddresses::format).toList());
  }

  private @Nullable QueryLog queryLog() {
    QueryLogSettings settings = QueryLogSettings.of(config, parts.version());
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

  /** How many processes were to take this one's place and have not. */
  public long upgradeFailures() {
    return upgradeFailures.sum();
  }

  void upgradeFailed() {
    upgradeFailures.increment();
  }

  /** How often a good set could not be kept. */
  public long keptFailures() {
    return kept.failures();
  }

  /**
   * Serves a kept set again; see {@link Control#rollback}.
   *
   * @param generation of a kept set; empty: the newest before what is served
   * @throws RefusedException if there is no such set
   */
  public CompletableFuture<ReloadResult> rollback(OptionalLong generation, String reason) {
    ReloadResult served = status().lastGood();
    return control.rollback(kept.choose(generation, served), reason);
  }

  /**
   * What was served at an earlier moment, by the kept sets and the journal. Reads the disk and may
   * compile a set: not for a thread that must not wait.
   *
   * @throws RefusedException if what is kept does not cover that moment
   */
  public PastServing past(Instant at) {
    return new PastView(this, kept, source, parts.registry()).at(at);
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

  /** What another process has given to this one. */
  Inheritance inheritance() {
    return inheritance;
  }

  /** What another process may have of this one. */
  Estate estate() {
    return new Estate(control, parts.health(), cookies, names, kept, alerts, journal, lock);
  }

  /** What listens for queries. */
  DnsServer dns() {
    return Objects.requireNonNull(dns, "it has not been started");
  }

  /** Sockets of the HTTP surface that another process has bound, to be used or closed. */
  public List<PassedSocket> inheritedHttp() {
    return inheritance.sockets(Kind.HTTP, Kind.HTTP_SOCKET);
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
    return alerts.figures();
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
    return loops.stats();
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

  /**
   * Waits for TCP clients, who have been told, to end their connections; {@link #PATIENCE} at most.
   */
  public void awaitConnections() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (dns().openConnections() > 0 && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
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
    LastWrites last = new LastWrites();
    if (names != null) {
      last.begin("names elsewhere", names::close);
    }
    last.begin("what is known of health", parts.health()::close);
    last.begin("the newest set", kept::close);
    last.await(DISK_PATIENCE);
    if (answering) {
      new JournalKeeper(journal).stopped(parts.version());
    }
    parts.spans().close();
    alerts.close();
    last.begin("the end of the journal", journal::close);
    last.await(DISK_PATIENCE);
    last.begin("giving back its lock", lock::close);
    last.await(DISK_PATIENCE);
  }
}
