package dev.meridian.resolver;

import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.rr.ResolvedName;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.transport.QuietLoops;
import dev.meridian.wire.DomainName;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the addresses of names that others serve. One thread, {@code meridian-resolver}, owns all
 * of it: which names are wanted, what is known of them, the questions under way.
 *
 * <pre>
 * answered, records  known until the TTL is over, then asked again
 * answered, none     known as none for the negative TTL
 * not answered       what was known stays; asked again after 5 s, 10 s, … 60 s
 * </pre>
 *
 * <p>Whether an address may be used (private, loopback…) is for those to say who use it. Every
 * method may be called from any thread.
 */
public final class Resolver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

  /** Questions under way at once; each has a socket. */
  private static final int MAX_LOOKUPS = 64;

  /** What comes within this time is published together. */
  private static final long GATHER_MILLIS = 20;

  private static final long CLOSE_SECONDS = 5;

  private final EventLoopGroup group;
  private final EventLoop loop;
  private final ResolverSettings settings;
  private final RandomGenerator random;
  private volatile ResolvedNames names = ResolvedNames.EMPTY;

  // The thread's own.
  private ResolvedNames remembered = ResolvedNames.EMPTY;
  private final List<Watch> watches = new ArrayList<>();
  private final Map<DomainName, ResolvedName> known = new HashMap<>();
  private final Map<DomainName, List<Refresh>> refreshes = new HashMap<>();
  private final Deque<Refresh> waiting = new ArrayDeque<>();
  private int lookups;
  private boolean publishing;

  /**
   * Starts the thread; nothing is asked before somebody wants a name.
   *
   * @param random makes the ids of queries: cryptographically strong
   */
  public Resolver(ResolverSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    this.group =
        new MultiThreadIoEventLoopGroup(
            1,
            Thread.ofPlatform().name("meridian-resolver").daemon().factory(),
            NioIoHandler.newFactory());
    QuietLoops.keepAsleep(group);
    this.loop = group.next();
  }

  /** What is known now; not just of the names of one watch. */
  public ResolvedNames names() {
    return names;
  }

  /** Says what was known when the process last ended; to be called before names are wanted. */
  public void recall(ResolvedNames last) {
    loop.execute(() -> remembered = last);
  }

  /**
   * Begins to watch for somebody, who wants no names yet.
   *
   * @param listener gets all that is known whenever that has changed, on the resolver's thread; it
   *     must not wait
   */
  public Watch watch(Consumer<ResolvedNames> listener) {
    Watch watch = new Watch(listener);
    loop.execute(() -> watches.add(watch));
    return watch;
  }

  /** The names that one user of the resolver wants. */
  public final class Watch {
    private final Consumer<ResolvedNames> listener;
    private Set<DomainName> wanted = Set.of();
    private CompletableFuture<Void> asked = CompletableFuture.completedFuture(null);

    private Watch(Consumer<ResolvedNames> listener) {
      this.listener = listener;
    }

    /**
     * Makes these all the names that the user wants.
     *
     * @return completes when each has been answered, or asked for in vain, at least once; or when
     *     other names are wanted
     */
    public CompletableFuture<Void> want(Collection<DomainName> names) {
      Set<DomainName> next = Set.copyOf(names);
      CompletableFuture<Void> done = new CompletableFuture<>();
      loop.execute(
          () -> {
            asked.complete(null);
            asked = done;
            wanted = next;
            follow();
          });
      return done;
    }

    private void completeIfAsked() {
      if (!asked.isDone()
          && wanted.stream()
              .allMatch(
                  name ->
                      refreshes.getOrDefault(name, List.of()).stream()
                          .allMatch(Refresh::isAsked))) {
        asked.complete(null);
      }
    }
  }

  private void follow() {
    Set<DomainName> wanted = new HashSet<>();
    watches.forEach(watch -> wanted.addAll(watch.wanted));
    if (wanted.size() > settings.maxNames()) {
      LOG.warn(
          "{} names are to be resolved, the limit is {}; the last ones in the order of names stay"
              + " unknown",
          wanted.size(),
          settings.maxNames());
      Set<DomainName> first = new HashSet<>();
      new TreeSet<>(wanted).stream().limit(settings.maxNames()).forEach(first::add);
      wanted.retainAll(first);
    }
    for (DomainName name : Set.copyOf(refreshes.keySet())) {
      if (!wanted.contains(name)) {
        refreshes.getOrDefault(name, List.of()).forEach(Refresh::stop);
        refreshes.remove(name);
        known.remove(name);
      }
    }
    wanted.forEach(name -> refreshes.computeIfAbsent(name, this::begin));
    publish();
  }

  private List<Refresh> begin(DomainName name) {
    known.put(name, remembered.find(name));
    List<Refresh> both = List.of(new Refresh(name, RRType.A), new Refresh(name, RRType.AAAA));
    both.forEach(this::start);
    return both;
  }

  private void start(Refresh refresh) {
    if (lookups == MAX_LOOKUPS) {
      waiting.add(refresh);
    } else {
      lookups++;
      refresh.ask();
    }
  }

  private void ended() {
    lookups--;
    Refresh next = waiting.poll();
    if (next != null) {
      start(next);
    }
  }

  /** Asks for one family of a name, again and again. */
  private final class Refresh implements Lookup.Listener {
    private final DomainName name;
    private final int type;
    private int failures;
    private boolean asked;
    private boolean stopped;

    Refresh(DomainName name, int type) {
      this.name = name;
      this.type = type;
    }

    void ask() {
      if (stopped) {
        ended();
      } else {
        Lookup.start(loop, settings, random, name, type, this);
      }
    }

    @Override
    public void answered(RRset records) {
      if (failures > 0 && !stopped) {
        LOG.info("{} {} is answered again", name, RRType.toText(type));
      }
      failures = 0;
      again(Timing.afterAnswer(settings, records.ttl(), random));
      learn(records);
    }

    private void learn(RRset records) {
      ResolvedName before = known.get(name);
      RRset old = before == null ? null : before.records(type);
      boolean same = old != null && old.saysTheSameAs(records);
      if (!stopped && before != null && !same) {
        known.put(name, before.with(records));
        publishSoon();
      }
    }

    @Override
    public void failed(String reason) {
      if (failures == 0 && !stopped) {
        LOG.warn(
            "{} {} is not answered ({}); what was known of it stays in use",
            name,
            RRType.toText(type),
            reason);
      }
      failures++;
      again(Timing.afterFailure(settings, failures, random));
    }

    boolean isAsked() {
      return asked;
    }

    private void again(long nanos) {
      if (!asked) {
        asked = true;
        publishSoon();
      }
      ended();
      if (!stopped) {
        var _ = loop.schedule(() -> start(this), nanos, TimeUnit.NANOSECONDS);
      }
    }

    void stop() {
      stopped = true;
    }
  }

  private void publishSoon() {
    if (!publishing) {
      publishing = true;
      var _ = loop.schedule(this::publish, GATHER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void publish() {
    publishing = false;
    ResolvedNames next = ResolvedNames.of(known.values());
    names = next;
    for (Watch watch : watches) {
      try {
        watch.listener.accept(next);
        watch.completeIfAsked();
      } catch (RuntimeException e) {
        LOG.error("A listener for resolved names failed; old addresses may stay in use", e);
      }
    }
  }

  /** Ends the thread and waits for it. What was known stays readable. */
  @Override
  public void close() {
    var ended = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    if (!loop.inEventLoop()) {
      ended.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
