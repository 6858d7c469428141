package dev.meridian.control;

import dev.meridian.config.ConfigException;
import dev.meridian.config.ConfigProblem;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthEvent;
import dev.meridian.health.HealthHistory;
import dev.meridian.health.HealthMemory;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthRules;
import dev.meridian.net.SocketAddresses;
import dev.meridian.probe.HealthService;
import dev.meridian.probe.ProbeSettings;
import dev.meridian.state.SecretFile;
import dev.meridian.state.StateFile;
import dev.meridian.text.Reasons;
import dev.meridian.vote.UdpVotes;
import dev.meridian.vote.VoteExchange;
import dev.meridian.vote.VoteFigures;
import dev.meridian.vote.VoteSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Health by probes: the {@link HealthService}, started when there is somebody to tell. */
public final class ProbingHealth implements Parts.HealthStarter {
  private static final String NOT_STARTED = "health checking has not been started";

  private final HealthRegistry registry;
  private final InstantSource clock;
  private final ProbeSettings settings;
  private final HealthRules rules;
  private final Path folder;
  private final Optional<VoteSettings> votes;
  private volatile @Nullable HealthService service;
  private volatile @Nullable HealthKeeper keeper;
  private volatile @Nullable VoteExchange exchange;
  private volatile @Nullable HealthMemory inherited;

  /**
   * Nothing is started yet.
   *
   * @param folder where what is known outlives the process
   * @param votes with whom it votes; empty: it is alone
   */
  ProbingHealth(
      HealthRegistry registry,
      InstantSource clock,
      ProbeSettings settings,
      HealthRules rules,
      Path folder,
      Optional<VoteSettings> votes) {
    this.registry = registry;
    this.clock = clock;
    this.settings = settings;
    this.rules = rules;
    this.folder = folder;
    this.votes = votes;
  }

  @Override
  public HealthFeed start(Consumer<HealthBoard> listener, Consumer<HealthEvent> events) {
    Optional<UdpVotes> transport = votes.map(ProbingHealth::open);
    HealthService started = new HealthService(registry, clock, settings, rules, listener, events);
    service = started;
    StateFile file = HealthKeeper.file(folder);
    HealthMemory kept = HealthKeeper.recall(file, clock.instant());
    HealthMemory memory = inherited;
    started.recall(memory == null ? kept : memory);
    HealthFeed feed = feed(started);
    keeper = HealthKeeper.start(file, clock, feed);
    exchange = transport.map(open -> exchange(open, started)).orElse(null);
    return feed;
  }

  private static VoteExchange exchange(UdpVotes open, HealthService started) {
    return VoteExchange.start(open, open.vantage(), started::board, started::hear);
  }

  @Override
  public void inherit(HealthMemory memory) {
    inherited = memory;
  }

  @Override
  public HealthMemory suspend() {
    HealthService started = Objects.requireNonNull(service, NOT_STARTED);
    VoteExchange others = exchange;
    if (others != null) {
      others.close(); // its socket is the other process's from now on
    }
    HealthBoard board = started.suspend().join();
    running().suspend();
    return HealthMemory.of(board, started.heartbeats(), clock.instant());
  }

  @Override
  public void resume() {
    HealthService started = Objects.requireNonNull(service, NOT_STARTED);
    HealthKeeper keeping = running();
    started.resume(keeping.newer()).join();
    keeping.resume();
    exchange = votes.map(settings -> exchange(open(settings), started)).orElse(null);
  }

  private static UdpVotes open(VoteSettings settings) {
    byte[] key = SecretFile.read(settings.keyFile());
    try {
      return new UdpVotes(settings.listen(), settings.peers(), settings.vantage(), key);
    } catch (IOException e) {
      String address = SocketAddresses.format(settings.listen());
      throw new ConfigException(
          List.of(
              new ConfigProblem("--vote-listen", address + " cannot be opened: " + Reasons.of(e))));
    }
  }

  private static HealthFeed feed(HealthService started) {
    return new HealthFeed() {
      @Override
      public CompletableFuture<HealthBoard> define(
          Collection<HealthCheck> checks, List<HealthOverride> decided) {
        return started.define(checks, decided);
      }

      @Override
      public HealthBoard board() {
        return started.board();
      }

      @Override
      public HealthMemory memory(HealthBoard board, Instant now) {
        return HealthMemory.of(board, started.heartbeats(), now);
      }

      @Override
      public HealthHistory history() {
        return started.history();
      }

      @Override
      public CompletableFuture<HealthBoard> override(List<HealthOverride> overrides) {
        return started.override(overrides);
      }
    };
  }

  @Override
  public CompletableFuture<HealthBoard> place(HealthOverride override) {
    return running().place(override);
  }

  @Override
  public CompletableFuture<HealthBoard> lift(String selector, boolean weight) {
    return running().lift(selector, weight);
  }

  @Override
  public boolean beat(String checkId, String token) {
    HealthService started = service;
    return started != null && started.beat(checkId, token);
  }

  @Override
  public VoteFigures votes() {
    VoteExchange others = exchange;
    return others == null ? VoteFigures.NONE : others.figures();
  }

  @Override
  public Duration behind() {
    HealthKeeper keeping = keeper;
    return keeping == null ? Duration.ZERO : keeping.behind();
  }

  private HealthKeeper running() {
    return Objects.requireNonNull(keeper, NOT_STARTED);
  }

  @Override
  public void close() {
    VoteExchange others = exchange;
    if (others != null) {
      others.close();
    }
    HealthKeeper keeping = keeper;
    if (keeping != null) {
      keeping.close();
    }
    HealthService started = service;
    if (started != null) {
      started.close();
    }
  }
}
