package dev.meridian.cli;

import dev.meridian.control.Server;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What systemd is told of the server: that it is ready, that it stops, and, where a watchdog is
 * set, that its threads still turn. Tells nobody where nobody asked.
 *
 * <p>A sign of life is given only after every event loop and the control thread have done a task
 * that was given to them for this purpose: a server that no longer answers is restarted.
 */
final class ServiceManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

  private final @Nullable NotifySocket socket;
  private final Duration watchdog;
  private @Nullable Thread watcher;

  private ServiceManager(@Nullable NotifySocket socket, Duration watchdog) {
    this.socket = socket;
    this.watchdog = watchdog;
  }

  /** The manager that started this process, by the variables that it set (sd_notify(3)). */
  static ServiceManager of(Map<String, String> environment) {
    String path = environment.get("NOTIFY_SOCKET");
    if (path == null || path.isEmpty()) {
      return new ServiceManager(null, Duration.ZERO);
    }
    try {
      return new ServiceManager(new NotifySocket(path), watchdog(environment));
    } catch (IllegalArgumentException e) {
      LOG.warn("NOTIFY_SOCKET={} is not understood: {}", path, e.getMessage());
      return new ServiceManager(null, Duration.ZERO);
    }
  }

  /**
   * Zero where there is none, or where it is meant for another process (sd_watchdog_enabled(3)).
   */
  private static Duration watchdog(Map<String, String> environment) {
    String pid = environment.getOrDefault("WATCHDOG_PID", "");
    boolean ours = pid.isEmpty() || pid.equals(Long.toString(ProcessHandle.current().pid()));
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    boolean set = ours && micros.matches("[1-9][0-9]{0,14}");
    return set ? Duration.ofNanos(Long.parseLong(micros) * 1000) : Duration.ZERO;
  }

  /** Queries are being answered. From now on the watchdog is served too. */
  void ready(Server server) {
    tell("READY=1\nSTATUS=Answering");
    if (socket != null && watchdog.isPositive()) {
      watcher = Thread.ofPlatform().daemon().name("meridian-watchdog").start(() -> watch(server));
    }
  }

  /** Another process is the service from now on (sd_notify(3), MAINPID). */
  void movedTo(long process) {
    tell("MAINPID=" + process + "\nSTATUS=Answering");
  }

  /** The end has begun. */
  void stopping() {
    tell("STOPPING=1\nSTATUS=Stopping");
  }

  /** Twice per interval, as systemd advises. */
  private void watch(Server server) {
    long pause = watchdog.toMillis() / 2;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (turns(server, pause)) {
          tell("WATCHDOG=1");
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean turns(Server server, long patienceMillis) throws InterruptedException {
    try {
      server.turn().get(patienceMillis, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
      LOG.error(
          "A thread that answers or publishes does not turn; systemd is told nothing: {}",
          Reasons.of(e));
      return false;
    }
  }

  private void tell(String message) {
    if (socket == null) {
      return;
    }
    try {
      socket.send(message);
    } catch (IOException e) {
      LOG.warn("systemd cannot be told {}: {}", message.split("\n", 2)[0], Reasons.of(e));
    }
  }

  @Override
  public void close() {
    if (watcher != null) {
      watcher.interrupt();
    }
  }
}
