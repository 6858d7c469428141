package dev.meridian.control;

import dev.meridian.answer.AnswerSettings;
import dev.meridian.answer.QueryAccess;
import dev.meridian.answer.QueryContext;
import dev.meridian.answer.QueryProcessor;
import dev.meridian.answer.QueryRecorder;
import dev.meridian.answer.QueryStats;
import dev.meridian.answer.RateBuckets;
import dev.meridian.answer.RateLimitSettings;
import dev.meridian.answer.RateLimiter;
import dev.meridian.answer.ServerCookies;
import dev.meridian.answer.ServerIdentity;
import dev.meridian.answer.StateHolder;
import dev.meridian.config.DenyChoice;
import dev.meridian.config.ServerConfig;
import dev.meridian.net.PrefixSet;
import dev.meridian.querylog.QueryLog;
import dev.meridian.transport.LoopFactory;
import dev.meridian.transport.QueryLoop;
import dev.meridian.transport.TcpSettings;
import dev.meridian.transport.Traffic;
import dev.meridian.transport.TransportSettings;
import dev.meridian.transport.UdpPath;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes what answers queries as the configuration has it, one set for each thread. */
final class QueryLoops implements LoopFactory {
  private final ServerConfig config;
  private final RandomGenerator random;
  private final StateHolder states;
  private final AnswerSettings answers;
  private final List<QueryStats> stats = new ArrayList<>();
  private @Nullable QueryLog log;
  private @Nullable RateBuckets buckets;

  QueryLoops(
      ServerConfig config, RandomGenerator random, StateHolder states, ServerCookies cookies) {
    this.config = config;
    this.random = random;
    this.states = states;
    this.answers =
        new AnswerSettings(
            config.udpPayloadMax(),
            config.udpPayloadWithoutCookie(),
            Optional.of(cookies),
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

  /** Has queries written down; to be called before the first loop is made. */
  void logTo(@Nullable QueryLog queryLog) {
    log = queryLog;
  }

  @Override
  public QueryLoop create(int loop, Traffic traffic) {
    QueryContext context = new QueryContext(random.nextLong(), states.choices());
    synchronized (stats) {
      stats.add(context.stats());
    }
    QueryProcessor processor = new QueryProcessor(states, answers);
    RateLimiter limiter =
        config.rateLimit() == 0 || traffic == Traffic.TCP // which is never limited
            ? null
            : limiter();
    if (log != null) {
      QueryRecorder recorder =
          new QueryRecorder(
              states, processor, limiter, log.ring(), config.querySample(), random.nextLong());
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
        buckets(),
        answers.udpPayload(),
        new SecureRandom().nextLong());
  }

  /** Made when the first loop wants them: without a limit there are none. */
  private synchronized RateBuckets buckets() {
    RateBuckets made = buckets;
    if (made == null) {
      made = new RateBuckets(config.rateLimit(), new SecureRandom());
      buckets = made;
    }
    return made;
  }

  /** The counters, one set for each thread that answers. */
  List<QueryStats> stats() {
    synchronized (stats) {
      return List.copyOf(stats);
    }
  }

  /** How the sockets are to be. */
  static TransportSettings transport(ServerConfig config) {
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
}
