package dev.meridian.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The server in a process of its own, on ports of the system's choice; its log is read. */
public final class ServerProcess implements AutoCloseable {
  /** Never waited for unless something is wrong. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> log = new ArrayList<>();
  private final Thread reader;
  private boolean ended;

  private ServerProcess(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /**
   * Starts one on {@code zones} and {@code state} of a folder; it may not get far.
   *
   * @param more arguments
   */
  public static ServerProcess begin(Path folder, String... more) throws IOException {
    Stream<String> command =
        Stream.of(
            "serve",
            "--zones",
            folder.resolve("zones").toString(),
            "--state",
            folder.resolve("state").toString(),
            "--listen",
            "127.0.0.1:0",
            "--http",
            "127.0.0.1:0",
            "--loops",
            "1");
    return new ServerProcess(
        new ProcessBuilder(
                Stream.of(options(folder).stream(), command, Stream.of(more))
                    .flatMap(each -> each)
                    .toList())
            .redirectErrorStream(true)
            .start());
  }

  /**
   * Writes a program that starts the server with the arguments it is given, as the installed one
   * does.
   *
   * @return the folder that is its home
   */
  public static Path install(Path home) throws IOException {
    Path program = Files.createDirectories(home.resolve("bin")).resolve("meridian");
    String options = String.join("' '", options(home));
    Files.writeString(program, "#!/bin/sh\nexec '" + options + "' \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return home;
  }

  private static List<String> options(Path home) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-DMERIDIAN_LOG_LEVEL=INFO", // the log of tests is silent, and says the ports
        "-Dmeridian.home=" + home,
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.meridian.cli.Main");
  }

  /** Starts one, and waits until it answers, its API too. */
  public static ServerProcess start(Path folder, String... more) throws IOException {
    ServerProcess started = begin(folder, more);
    started.await("Ops page on ");
    return started;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add(e.toString());
    } finally {
      end();
    }
  }

  private synchronized void add(String line) {
    log.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** The first line of the log that holds this, once it is there. */
  public synchronized String await(String part) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Optional<String> found = find(part);
    try {
      while (found.isEmpty() && !ended && System.nanoTime() - end < 0) {
        wait(PATIENCE.toMillis());
        found = find(part);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found.orElseThrow(
        () -> new AssertionError("no '" + part + "' in the log:\n" + String.join("\n", log)));
  }

  private Optional<String> find(String part) {
    return log.stream().filter(line -> line.contains(part)).findFirst();
  }

  /** What it has logged so far, of those that are wanted. */
  public synchronized String log(Predicate<String> wanted) {
    return log.stream().filter(wanted).collect(Collectors.joining("\n"));
  }

  /** Where queries are answered. */
  public InetSocketAddress dns() {
    String line = await("Answering on ");
    String address = line.replaceFirst(".*Answering on (\\S+) .*", "$1");
    int colon = address.lastIndexOf(':');
    return new InetSocketAddress(
        InetAddress.ofLiteral(address.substring(0, colon)),
        Integer.parseInt(address.substring(colon + 1)));
  }

  /** A path of the API. */
  public URI uri(String path) {
    String line = await("Ops page on ");
    String url = line.substring(line.indexOf("http://")).strip();
    return URI.create(url.substring(0, url.length() - 1) + path);
  }

  public Process process() {
    return process;
  }

  /** Waits for it to end; its exit code. */
  public int awaitEnd() {
    try {
      if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      throw new AssertionError("it does not end:\n" + log(_ -> true));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Kills it in so many microseconds. */
  public Thread killAfter(int micros) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                TimeUnit.MICROSECONDS.sleep(micros);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              process.destroyForcibly();
            });
  }

  /** Kills it, if that is still needed, and waits for its end. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
