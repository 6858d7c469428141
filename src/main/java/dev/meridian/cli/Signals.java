package dev.meridian.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What signals do, in place of the JVM, which would end without a word.
 *
 * <pre>
 *                     while starting                    while serving
 * SIGTERM, SIGINT     the process ends at once          the server ends in good order, at once if
 *                                                       they come again
 * SIGHUP              loads anew once it serves         loads anew
 * </pre>
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread main = Thread.currentThread();
  private final Runnable exit;
  private final Thread taking =
      Thread.ofPlatform().daemon().name("meridian-signals").unstarted(this::take);

  /** Null while starting. */
  private @Nullable Runnable reload;

  /** Whether SIGHUP came too early. */
  private boolean hungUp;

  /**
   * Takes nothing over yet.
   *
   * @param exit ends the process, which has not begun to serve
   */
  Signals(Runnable exit) {
    this.exit = exit;
  }

  /**
   * Takes the signals over; {@link #awaitStop} is then to be called by the same thread. It is done
   * beside what the caller does, for the JDK takes its time.
   */
  static Signals install() {
    Signals signals = new Signals(() -> System.exit(0));
    signals.taking.start();
    return signals;
  }

  private void take() {
    handle("TERM", this::stop);
    handle("INT", this::stop);
    handle("HUP", this::hangUp);
  }

  /**
   * {@code sun.misc.Signal} is what there is, and javac warns of every mention of it; so it is not
   * mentioned. A signal that cannot be taken over keeps its default.
   */
  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle run =
          MethodHandles.lookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(action);
      Object adapter =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), adapter);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.warn("SIG{} keeps its default action: {}", name, e.toString());
    }
  }

  /**
   * The server has started, and signals are for it from now on.
   *
   * @param reload loads everything anew
   */
  void serving(Runnable reload) {
    try {
      taking.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean missed;
    synchronized (this) {
      this.reload = reload;
      missed = hungUp;
    }
    if (missed) {
      reload.run();
    }
  }

  /** As SIGHUP does. */
  void hangUp() {
    Runnable action;
    synchronized (this) {
      action = reload;
      hungUp = true;
    }
    if (action != null) {
      action.run();
    }
  }

  /** As SIGTERM does. */
  void stop() {
    if (isStarting()) {
      LOG.info("Ending on a signal, before anything was served");
      exit.run();
      return;
    }
    synchronized (this) {
      if (stop.getCount() == 0) {
        main.interrupt();
      }
      stop.countDown();
    }
  }

  private synchronized boolean isStarting() {
    return reload == null;
  }

  void awaitStop() {
    try {
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
