package dev.meridian.cli;

import dev.meridian.api.HttpServer;
import dev.meridian.cli.ServeCommand.HttpSurface;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.Parts;
import dev.meridian.control.Predecessor;
import dev.meridian.control.Server;
import dev.meridian.control.Successor;
import dev.meridian.control.UpgradeException;
import dev.meridian.control.UpgradeTimes;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.text.Reasons;
import dev.meridian.transport.Passable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a server process: from its start, or from another's end, to its end, or another's.
 */
final class ServeRun {
  /** A constant, so that the class cache has it, whose training has another visitor. */
  static final BiPredicate<Server, @Nullable HttpServer> NO_VISITOR = (_, _) -> true;

  private final ServerConfig config;
  private final Parts parts;
  private final Logger log;
  private final Launcher launcher;
  private final Signals signals;
  private final BiPredicate<Server, @Nullable HttpServer> visitor;
  private volatile @Nullable Predecessor predecessor;
  private volatile @Nullable UpgradeException failure;

  /**
   * Begins to read.
   *
   * @param visitor is called once when queries are answered, and says whether to serve on
   */
  ServeRun(
      ServerConfig config, Launcher launcher, BiPredicate<Server, @Nullable HttpServer> visitor) {
    this.config = config;
    this.parts = Parts.of(config, Version.text()); // before all else: it begins to read
    this.log = LoggerFactory.getLogger(ServeRun.class);
    this.launcher = launcher;
    this.signals = Signals.install();
    this.visitor = visitor;
  }

  /** Starts, and serves to the end. */
  void start() throws LoadFailedException {
    tellBeginning("starts");
    try (Server server = Server.start(config, parts)) {
      serve(server, null);
    }
  }

  /** Takes the place of the server that runs, and serves to the end. */
  void takeOver() throws LoadFailedException {
    tellBeginning("takes over");
    try (Successor successor = Successor.begin(config, Version.text(), UpgradeTimes.DEFAULT);
        Server server = successor.start(config, parts)) {
      try {
        serve(server, successor);
      } catch (RuntimeException e) {
        successor.fail(String.valueOf(e.getMessage()));
        throw e;
      }
    }
  }

  /** The first line: without it, the process did not get as far as our code. */
  private void tellBeginning(String what) {
    log.info(
        "Meridian {} {} as process {}: zones {}, state {}",
        Version.text(),
        what,
        ProcessHandle.current().pid(),
        config.zones(),
        config.state());
  }

  private void serve(Server server, @Nullable Successor successor) {
    signals.serving(() -> hangUp(server));
    try (HttpSurface http = HttpSurface.open(config, server);
        ServiceManager manager = ServiceManager.of(System.getenv())) {
      Runnable begun =
          () -> {
            manager.ready(server);
            http.keep();
            predecessor = open(server, http.server(), manager);
          };
      if (successor == null) {
        begun.run();
      } else {
        successor.serving(config.upgradeProbation());
        Thread.ofPlatform()
            .daemon()
            .name("meridian-probation")
            .start(() -> prove(successor, server, begun));
      }
      if (visitor.test(server, http.server())) {
        signals.awaitStop();
      }
      end(server, manager);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void prove(Successor successor, Server server, Runnable begun) {
    try {
      successor.prove(server, config.upgradeProbation());
      begun.run();
    } catch (UpgradeException e) {
      failure = e;
      signals.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Predecessor open(
      Server server, @Nullable HttpServer http, ServiceManager manager) {
    try {
      List<Passable> others = Optional.<Passable>ofNullable(http).stream().toList();
      Predecessor waiting =
          Predecessor.open(server, others, UpgradeTimes.DEFAULT, manager::movedTo, launcher);
      waiting.successor().thenAccept(_ -> signals.stop());
      return waiting;
    } catch (IOException e) {
      log.warn(
          "'meridian upgrade' will not work, for the state folder {} takes no socket ({})",
          config.state(),
          Reasons.of(e));
      return null;
    }
  }

  private void end(Server server, ServiceManager manager) {
    Predecessor waiting = predecessor;
    if (waiting != null) {
      waiting.close();
    }
    if (waiting != null && waiting.successor().isDone()) {
      server.awaitConnections();
    } else if (failure == null) {
      manager.stopping();
      log.info("Stopping on a signal, draining for {} s", config.drain().toSeconds());
      server.drain();
    }
  }

  private static void hangUp(Server server) {
    server.reopenLogs();
    server.reload("SIGHUP");
  }
}
