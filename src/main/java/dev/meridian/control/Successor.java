package dev.meridian.control;

import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.config.ServerConfig;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthMemory;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.publish.LoadedState;
import dev.meridian.publish.Preloaded;
import dev.meridian.text.Reasons;
import dev.meridian.transport.DnsServer;
import dev.meridian.transport.PassedSocket;
import dev.meridian.transport.TransportCounter;
import dev.meridian.transport.UdpPath;
import dev.meridian.transport.UnixSocket;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the place of the server that has the state folder; {@link Succession} is the other side.
 * Everything that can fail or takes its time is done before anything is asked for. If the other
 * process ends on the way, this one serves without it.
 *
 * <p>For one thread at a time.
 */
public final class Successor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Successor.class);

  /** Nobody waits for it: long enough for the compiler to have seen all of the query path. */
  private static final Duration REHEARSAL = Duration.ofSeconds(2);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final HandoverLine line;
  private final HandoverMessage.Welcome welcome;
  private final UpgradeTimes times;
  private boolean alone;

  private Successor(HandoverLine line, HandoverMessage.Welcome welcome, UpgradeTimes times) {
    this.line = line;
    this.welcome = welcome;
    this.times = times;
  }

  /**
   * Finds the server and says hello.
   *
   * @param version of this build
   * @throws UpgradeException if there is none, or it refuses
   */
  public static Successor begin(ServerConfig config, String version, UpgradeTimes times) {
    if (!UnixSocket.isAvailable()) {
      throw new UpgradeException("an upgrade in place needs Linux on x86_64 or aarch64");
    }
    Path path = HandoverLine.path(config.state());
    HandoverLine line;
    try {
      line = new HandoverLine(UnixSocket.connect(path));
    } catch (IOException e) {
      throw new UpgradeException(
          "no server is to be taken over at "
              + path
              + " ("
              + Reasons.of(e)
              + "); start without --take-over, or name the --state folder of the one that runs",
          e);
    }
    try {
      line.send(new HandoverMessage.Hello(HandoverMessage.PROTOCOL, version));
      HandoverMessage.Welcome welcome = line.receive(HandoverMessage.Welcome.class, times.step());
      checkPaths(config, welcome);
      LOG.info("Taking over from process {} ({})", line.process(), welcome.version());
      return new Successor(line, welcome, times);
    } catch (IOException e) {
      line.close();
      throw new UpgradeException("the server that runs refuses: " + Reasons.of(e), e);
    } catch (UpgradeException e) {
      line.close();
      throw e;
    }
  }

  /** A socket is read in one way by both, or what is set for one would break the other. */
  private static void checkPaths(ServerConfig config, HandoverMessage.Welcome welcome) {
    UdpPath mine = DnsServer.udpPath(UdpPath.valueOf(config.udpPath().name()));
    if (!mine.name().equals(welcome.udpPath())) {
      throw new UpgradeException(
          "udp-path is "
              + mine
              + " here and "
              + welcome.udpPath()
              + " there; sockets can be taken over only where it is the same");
    }
  }

  /**
   * Loads, warms up, takes over and answers.
   *
   * @throws LoadFailedException if the files cannot be served as they are
   * @throws UpgradeException if the other process will not hand over
   */
  public Server start(ServerConfig config, Parts parts) throws LoadFailedException {
    try {
      Preloaded files = Preloaded.of(parts.source(), new ServedFiles(config).all());
      rehearse(files.first(), config);
      return Server.start(config, parts.with(files), take(config));
    } catch (LoadFailedException e) {
      fail("its files cannot be served: " + e.problems().getFirst());
      throw e;
    } catch (RuntimeException e) {
      fail(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private static void rehearse(LoadedState loaded, ServerConfig config) {
    StateHolder stage = new StateHolder();
    stage.publish(ServerState.of(loaded.zones(), EligibilitySnapshot.ALL, 0));
    long end = System.nanoTime() + REHEARSAL.toNanos();
    int answered = 0;
    int more;
    do {
      more = WarmUp.run(stage, config.udpPayloadMax(), REHEARSAL);
      answered += more;
    } while (more > 0 && System.nanoTime() - end < 0);
    LOG.info("Loaded, and warm after {} queries", answered);
  }

  private Inheritance take(ServerConfig config) {
    List<PassedSocket> sockets = new ArrayList<>();
    try {
      line.send(new HandoverMessage.Ready());
      while (true) {
        HandoverLine.Received received = line.receive(times.load());
        switch (received.message()) {
          case HandoverMessage.Passed _ -> sockets.add(received.socket());
          case HandoverMessage.Inheritance given -> {
            return inheritance(sockets, given, config);
          }
          case HandoverMessage.Refused refused -> throw new UpgradeException(refused.reason());
          default -> throw new UpgradeException("the server that runs does not hand over");
        }
      }
    } catch (EOFException e) {
      sockets.forEach(PassedSocket::close);
      alone = true;
      LOG.warn("Process {} has ended; starting without what it knew", line.process());
      awaitEnd();
      return Inheritance.NONE;
    } catch (IOException e) {
      throw new UpgradeException("the server that runs does not hand over: " + Reasons.of(e), e);
    }
  }

  /** It is about to give back what it had. */
  private void awaitEnd() {
    ProcessHandle.of(line.process())
        .ifPresent(
            other ->
                other
                    .onExit()
                    .completeOnTimeout(other, times.gone().toMillis(), TimeUnit.MILLISECONDS)
                    .join());
  }

  private Inheritance inheritance(
      List<PassedSocket> sockets, HandoverMessage.Inheritance given, ServerConfig config)
      throws IOException {
    LOG.info("Took over {} sockets and generation {}", sockets.size(), given.generation());
    return new Inheritance(
        sockets,
        HealthMemory.read(given.health()),
        config.cookieSecrets().isPresent() ? new byte[0] : given.cookies(),
        given.generation(),
        "process " + line.process() + " (" + welcome.version() + ")");
  }

  /**
   * Says that queries are answered, by everything that listens. To be called when that is so.
   *
   * @param probation how long this process is to answer without fault before the other ends
   */
  public void serving(Duration probation) {
    say(new HandoverMessage.Serving(probation.toMillis()));
  }

  /**
   * Answers for a while, and then has the other process end.
   *
   * @throws UpgradeException if something is wrong: this process is to end then, for the other has
   *     gone on
   */
  public void prove(Server server, Duration probation) throws InterruptedException {
    long end = System.nanoTime() + probation.toNanos();
    do {
      check(server);
      TimeUnit.NANOSECONDS.sleep(Math.min(LOOK.toNanos(), Math.max(0, end - System.nanoTime())));
    } while (!alone && System.nanoTime() - end < 0);
    check(server);
    say(new HandoverMessage.Proven());
    awaitFarewell();
    server.dns().keep();
    LOG.info("Serving in the place of process {}", line.process());
  }

  private void check(Server server) throws InterruptedException {
    String fault = fault(server);
    if (!fault.isEmpty() && !alone) {
      fail(fault);
      throw new UpgradeException("this version does not answer as it should: " + fault);
    }
  }

  private static String fault(Server server) throws InterruptedException {
    long failures =
        server.transportStats().stream()
            .mapToLong(stats -> stats.value(TransportCounter.HANDLER_FAILURES))
            .sum();
    if (failures > 0) {
      return failures + " queries broke it";
    }
    try {
      server.turn().get(LOOK.toMillis() * 5, TimeUnit.MILLISECONDS);
      return "";
    } catch (ExecutionException | TimeoutException e) {
      return "a thread that answers or publishes does not turn";
    }
  }

  private void awaitFarewell() {
    if (alone) {
      return;
    }
    try {
      line.receive(HandoverMessage.Farewell.class, times.step());
    } catch (EOFException e) {
      alone = true;
    } catch (IOException e) {
      throw new UpgradeException("the other process does not end: " + Reasons.of(e), e);
    }
  }

  private void say(HandoverMessage message) {
    if (alone) {
      return;
    }
    try {
      line.send(message);
    } catch (EOFException e) {
      alone = true;
      LOG.warn("Process {} has ended already; serving without it", line.process());
    } catch (IOException e) {
      throw new UpgradeException("the other process does not listen: " + Reasons.of(e), e);
    }
  }

  /** Says why it has come to nothing; to be called before sockets are closed. */
  public void fail(String reason) {
    try {
      line.send(new HandoverMessage.Failed(reason));
    } catch (IOException e) {
      LOG.debug("Nobody to be told", e);
    }
  }

  @Override
  public void close() {
    line.close();
  }
}
