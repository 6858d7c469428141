package dev.meridian.control;

import dev.meridian.text.Reasons;
import dev.meridian.transport.Passable;
import dev.meridian.transport.PassedSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of another process to take this server's place. Up to the last word everything can be
 * taken back:
 *
 * <pre>
 * step                         after it, this server                     if the other fails
 * ----                         ---------------------                     ------------------
 * it says hello, and loads     does all as ever                          nothing
 * it gets sockets, knowledge   answers, but neither probes nor writes    probes and writes again
 * it answers                   serves TCP connections that are open      reads again, at once
 * it has proved itself         ends
 * </pre>
 *
 * <p>For one thread, which waits for the other process and for nobody else.
 */
final class Succession {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  private final Server server;
  private final List<Passable> listeners;
  private final List<PassedSocket> more;
  private final UpgradeTimes times;
  private final HandoverLine line;
  private final LongConsumer heir;
  private final Consumer<String> teller;
  private final Estate estate;
  private boolean given;

  /**
   * An attempt that has not begun.
   *
   * @param listeners all that listens; the first is that for queries
   * @param more sockets that are passed without being paused
   * @param heir is told of the process that has taken over, before that process is told
   * @param teller hears of each step
   */
  Succession(
      Server server,
      List<Passable> listeners,
      List<PassedSocket> more,
      UpgradeTimes times,
      HandoverLine line,
      LongConsumer heir,
      Consumer<String> teller) {
    this.server = server;
    this.listeners = listeners;
    this.more = more;
    this.times = times;
    this.line = line;
    this.heir = heir;
    this.teller = teller;
    this.estate = server.estate();
  }

  /** The process that takes over. */
  long process() {
    return line.process();
  }

  /**
   * Goes through it, for as long as it takes.
   *
   * @return empty: this server is to end; else why it goes on
   */
  String run() {
    try {
      line.send(
          new HandoverMessage.Welcome(
              HandoverMessage.PROTOCOL, server.version(), server.udpPath().name()));
      line.receive(HandoverMessage.Ready.class, times.load());
      tell("has loaded and gets the sockets");
      give();
      awaitService();
      tell("has proved itself; this one ends");
      heir.accept(process());
      line.send(new HandoverMessage.Farewell());
      return "";
    } catch (IOException | RuntimeException e) {
      server.upgradeFailed();
      goOn(e);
      return Reasons.of(e);
    }
  }

  private void give() throws IOException {
    given = true;
    listeners.stream().skip(1).forEach(Passable::pause); // changes come by them
    for (Passable listener : listeners) {
      for (PassedSocket socket : listener.pass()) {
        line.send(socket);
      }
    }
    for (PassedSocket socket : more) {
      line.send(socket);
    }
    line.send(estate.suspend());
  }

  private void awaitService() throws IOException {
    long millis = line.receive(HandoverMessage.Serving.class, times.step()).probationMillis();
    listeners.getFirst().pause();
    server.dns().drain();
    tell("answers; waiting " + millis + " ms for it to prove itself");
    line.receive(HandoverMessage.Proven.class, times.step().plus(Duration.ofMillis(millis)));
  }

  private void goOn(Exception reason) {
    LOG.debug("The hand-over ended", reason);
    say(new HandoverMessage.Failed(Reasons.of(reason)));
    if (!given) {
      tell("does not take over: " + Reasons.of(reason));
      return;
    }
    listeners.forEach(Passable::resume); // queries first
    server.dns().stay();
    tell("has not taken over, and this one goes on: " + Reasons.of(reason));
    awaitEnd();
    listeners.forEach(Passable::keep);
    estate.resume(server.version(), "process " + process() + ": " + Reasons.of(reason));
    given = false;
  }

  /** Two that answer do no harm; two that write would. */
  private void awaitEnd() {
    line.hangUp();
    ProcessHandle other = ProcessHandle.of(process()).orElse(null);
    if (other == null || other.equals(ProcessHandle.current())) {
      return;
    }
    try {
      other.onExit().get(times.gone().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("Process {} is killed, for it has failed and does not end", process());
      other.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(HandoverMessage message) {
    try {
      line.send(message);
    } catch (IOException e) {
      LOG.debug("Nobody to be told", e);
    }
  }

  private void tell(String what) {
    teller.accept("Process " + process() + " " + what);
  }
}
