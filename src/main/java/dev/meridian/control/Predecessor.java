package dev.meridian.control;

import dev.meridian.text.Reasons;
import dev.meridian.transport.Passable;
import dev.meridian.transport.PassedSocket;
import dev.meridian.transport.PassedSocket.Kind;
import dev.meridian.transport.UnixListener;
import dev.meridian.transport.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits at a socket in the state folder for a process that takes this server's place, and for the
 * command that has one started. One at a time; of the same user only, as the kernel says.
 */
public final class Predecessor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);
  private static final Duration REST = Duration.ofMillis(500);

  /** How long who has asked for an upgrade is still told how it ended. */
  private static final Duration LAST_WORD = Duration.ofMillis(500);

  private static final Duration FIRST_WORD = Duration.ofSeconds(5);
  private static final int MAX_LINES = 8;
  private static final int ROOT = 0;

  private final Server server;
  private final List<Passable> listeners;
  private final UpgradeTimes times;
  private final LongConsumer heir;
  private final Launch launch;
  private final UnixListener socket;
  private final Thread thread;
  private final Semaphore lines = new Semaphore(MAX_LINES);
  private final AtomicReference<@Nullable Succession> running = new AtomicReference<>();
  private final AtomicReference<@Nullable Command> command = new AtomicReference<>();
  private final CompletableFuture<Long> successor = new CompletableFuture<>();
  private volatile @Nullable Thread telling;
  private volatile boolean closed;

  /** Starts a process of the version that is installed now, to take this one's place. */
  @FunctionalInterface
  public interface Launch {
    /** Starts it; throws with what a person can do if it cannot be. */
    Process start() throws IOException;
  }

  /** Who has asked for an upgrade, and what is to be told. */
  private record Command(BlockingQueue<HandoverMessage> news) {}

  private Predecessor(
      Server server,
      List<Passable> listeners,
      UpgradeTimes times,
      LongConsumer heir,
      Launch launch,
      UnixListener socket) {
    this.server = server;
    this.listeners = listeners;
    this.heir = heir;
    this.times = times;
    this.launch = launch;
    this.socket = socket;
    this.thread = Thread.ofPlatform().daemon().name("meridian-upgrade").unstarted(this::accept);
  }

  /**
   * Begins to wait.
   *
   * @param others what listens beside the server itself
   * @param heir is told of the process that has taken over, before that process is told
   * @throws IOException if there can be no upgrade in place; the message says why
   */
  public static Predecessor open(
      Server server, List<Passable> others, UpgradeTimes times, LongConsumer heir, Launch launch)
      throws IOException {
    if (!UnixSocket.isAvailable()) {
      throw new IOException("it needs Linux on x86_64 or aarch64");
    }
    Path path = HandoverLine.path(server.config().state());
    List<PassedSocket> passed = server.inheritance().sockets(Kind.UPGRADE);
    UnixListener socket =
        passed.isEmpty() ? UnixListener.bind(path) : UnixListener.adopt(passed.getFirst(), path);
    List<Passable> listeners =
        Stream.concat(Stream.<Passable>of(server.dns()), others.stream()).toList();
    Predecessor waiting = new Predecessor(server, listeners, times, heir, launch, socket);
    waiting.thread.start();
    return waiting;
  }

  /** Completes with the process that has taken this server's place. */
  public CompletableFuture<Long> successor() {
    return successor;
  }

  /** Whether no process is taking over. */
  boolean isIdle() {
    return running.get() == null;
  }

  private void accept() {
    while (!closed) {
      try {
        UnixSocket came = socket.accept();
        if (came != null) {
          begin(came);
        }
      } catch (IOException | RuntimeException e) {
        if (!closed) {
          LOG.warn("Nobody can take over: {}", Reasons.withFile(e));
          rest();
        }
      }
    }
  }

  private static void rest() {
    try {
      Thread.sleep(REST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(UnixSocket came) {
    if (!lines.tryAcquire()) {
      came.close();
      return;
    }
    Thread.ofPlatform().daemon().name("meridian-upgrade-line").start(() -> serve(came));
  }

  private void serve(UnixSocket came) {
    try (HandoverLine line = new HandoverLine(came)) {
      switch (line.receive(FIRST_WORD).message()) {
        case HandoverMessage.Hello hello -> hello(hello, line);
        case HandoverMessage.Upgrade _ -> upgrade(line);
        default -> line.send(new HandoverMessage.Refused("that is no greeting"));
      }
    } catch (IOException e) {
      LOG.debug("A connection for upgrades ended", e);
    } finally {
      lines.release();
    }
  }

  private void hello(HandoverMessage.Hello hello, HandoverLine line) throws IOException {
    String refusal = refusal(hello, line);
    Succession next =
        new Succession(
            server, listeners, List.of(socket.pass()), times, line, heir, text -> tell(text));
    if (refusal == null && !running.compareAndSet(null, next)) {
      refusal = "another process is taking over already; wait until it has, or has not";
    }
    if (refusal != null) {
      LOG.warn("Process {} may not take over: {}", line.process(), refusal);
      line.send(new HandoverMessage.Refused(refusal));
      return;
    }
    tell("Process " + line.process() + " (" + hello.version() + ") loads, to take over");
    String why = next.run();
    if (why.isEmpty()) {
      ended(true, "process " + line.process() + " (" + hello.version() + ") serves");
      successor.complete(line.process());
    } else {
      ended(false, why);
      running.set(null);
    }
  }

  private static @Nullable String refusal(HandoverMessage.Hello hello, HandoverLine line) {
    if (line.user() != ownUser()) {
      return "it runs as user "
          + line.user()
          + ", this one as "
          + ownUser()
          + "; start it as the same user";
    }
    if (hello.protocol() != HandoverMessage.PROTOCOL) {
      return "its version "
          + hello.version()
          + " hands over in another way than this one; stop this one and start that";
    }
    return null;
  }

  private static int ownUser() {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException | UnsupportedOperationException e) {
      return -1;
    }
  }

  private void upgrade(HandoverLine line) throws IOException {
    Command mine = new Command(new LinkedBlockingQueue<>());
    if (line.user() != ownUser() && line.user() != ROOT) {
      line.send(new HandoverMessage.Ended(false, "only the server's user and root may do that"));
    } else if (running.get() != null || !command.compareAndSet(null, mine)) {
      line.send(new HandoverMessage.Ended(false, "an upgrade is under way already"));
    } else {
      telling = Thread.currentThread();
      try {
        start(mine);
        report(mine, line);
      } finally {
        command.set(null);
        telling = null;
      }
    }
  }

  private void start(Command mine) {
    try {
      Process process = launch.start();
      tell("Process " + process.pid() + " is started");
      process.onExit().thenAccept(done -> mine.news.add(tooSoon(done)));
    } catch (IOException e) {
      ended(false, "no other process can be started: " + Reasons.of(e));
    }
  }

  private static HandoverMessage tooSoon(Process process) {
    return new HandoverMessage.Ended(
        false,
        "process "
            + process.pid()
            + " has ended with exit code "
            + process.exitValue()
            + "; the server's log says why");
  }

  private static void report(Command mine, HandoverLine line) throws IOException {
    try {
      HandoverMessage next;
      do {
        next = mine.news.take();
        line.send(next);
      } while (!(next instanceof HandoverMessage.Ended));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(String what) {
    LOG.info("{}", what);
    Command asked = command.get();
    if (asked != null) {
      asked.news.add(new HandoverMessage.Told(what));
    }
  }

  private void ended(boolean well, String how) {
    Command asked = command.get();
    if (asked != null) {
      asked.news.add(new HandoverMessage.Ended(well, how));
    }
  }

  /** Waits no more; the socket is gone, unless another process waits there now. */
  @Override
  public void close() {
    closed = true;
    try {
      socket.endWait();
      thread.join();
      Thread last = telling;
      if (last != null) {
        last.join(LAST_WORD);
      }
      if (successor.isDone()) {
        socket.leave();
      } else {
        socket.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.debug("The socket for upgrades cannot be closed", e);
    }
  }
}
