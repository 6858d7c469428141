package dev.meridian.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT end the server in good order, and at once when they come again; SIGHUP loads
 * everything anew. Left alone, the JVM would exit with 143 instead of 0.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread main = Thread.currentThread();

  private Signals() {}

  /** Takes the signals over; {@link #awaitStop} is then to be called by the same thread. */
  static Signals install(Runnable reload) {
    Signals signals = new Signals();
    handle("TERM", signals::stop);
    handle("INT", signals::stop);
    handle("HUP", reload);
    return signals;
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

  /** As a signal would. */
  synchronized void stop() {
    if (stop.getCount() == 0) {
      main.interrupt();
    }
    stop.countDown();
  }

  void awaitStop() {
    try {
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
