package dev.meridian.transport;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that give way to those that answer queries: where both want the same processor, the
 * kernel gives them about a quarter of it. Linux keeps a niceness for each thread; where the call
 * is not there, they are threads like any other.
 */
public final class Background {
  /**
   * How much nicer than the process: a weight of 335 beside 1024. With 10 (110) a page took a
   * minute on a machine that was full of other work.
   */
  private static final int NICER = 5;

  private static final int MOST_NICE = 19;

  private static final int CALLER = 0;

  /** A folder a thread, named by its number; its name is in {@code comm}, 15 octets of it. */
  private static final Path THREADS = Path.of("/proc/self/task");

  /** What C1's and C2's threads are called behind these two octets. */
  private static final String COMPILER = " CompilerThre";

  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  private Background() {}

  /** Makes daemons of a name. */
  public static ThreadFactory threads(String name) {
    ThreadFactory factory = Thread.ofPlatform().name(name).daemon().factory();
    return work -> factory.newThread(steppingBack(work));
  }

  /** Makes daemons for event loops, numbered behind a name. */
  public static ThreadFactory loops(String name) {
    ThreadFactory factory = new DefaultThreadFactory(name, true);
    return work -> factory.newThread(steppingBack(work));
  }

  /** Has the calling thread step back for good; threads that it starts begin as far back. */
  public static void caller() {
    stepBack(CALLER);
  }

  /** What a thread does, once it has stepped back. */
  private static Runnable steppingBack(Runnable work) {
    return () -> {
      caller();
      work.run();
    };
  }

  /**
   * Has the JVM's compilers step back, and those that they start when they have much to do: they
   * are never done in the first seconds, and would take half of two processors from what they
   * compile for. Does nothing where there is no Linux.
   */
  public static void compilers() {
    try (Stream<Path> threads = Files.list(THREADS)) {
      threads.filter(Background::isCompiler).forEach(Background::stepBack);
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("The compilers' threads cannot be listed", e);
    }
  }

  private static boolean isCompiler(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).startsWith(COMPILER, "C2".length());
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static void stepBack(Path thread) {
    stepBack(Integer.parseInt(thread.getFileName().toString()));
  }

  private static void stepBack(int thread) {
    try {
      LinuxCalls linux = new LinuxCalls();
      int process = linux.niceness((int) ProcessHandle.current().pid());
      int error = linux.nice(thread, Math.min(MOST_NICE, process + NICER));
      if (error != 0) {
        LOG.debug("A thread could not be made nicer: error {}", error);
      }
    } catch (LinkageError e) {
      LOG.debug("There is no niceness here", e);
    }
  }
}
