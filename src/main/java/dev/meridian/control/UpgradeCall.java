package dev.meridian.control;

import dev.meridian.text.Reasons;
import dev.meridian.transport.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks a running server to have another process take its place; {@link Predecessor} answers. */
public final class UpgradeCall {
  /** Longer than every step together. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private UpgradeCall() {}

  /**
   * Asks, and waits for how it ends.
   *
   * @param stateFolder of the server
   * @param news hears how it goes
   * @return how it went
   * @throws UpgradeException if the server goes on as it was, or none runs
   */
  public static String make(Path stateFolder, Consumer<String> news) {
    Path path = HandoverLine.path(stateFolder);
    if (!UnixSocket.isAvailable()) {
      throw new UpgradeException("it needs Linux on x86_64 or aarch64");
    }
    try (HandoverLine line = new HandoverLine(UnixSocket.connect(path))) {
      line.send(new HandoverMessage.Upgrade());
      while (true) {
        switch (line.receive(PATIENCE).message()) {
          case HandoverMessage.Told told -> news.accept(told.line());
          case HandoverMessage.Ended ended when ended.well() -> {
            return ended.line();
          }
          case HandoverMessage.Ended ended -> throw new UpgradeException(ended.line());
          default -> throw new UpgradeException("the server does not know how");
        }
      }
    } catch (IOException e) {
      throw new UpgradeException(
          "no server can be asked at "
              + path
              + ": "
              + Reasons.of(e)
              + "; "
              + advice(stateFolder, path),
          e);
    }
  }

  private static String advice(Path folder, Path path) {
    boolean closed =
        Files.exists(path)
            ? !Files.isWritable(path)
            : Files.isDirectory(folder) && !Files.isExecutable(folder);
    return closed
        ? "run this as the server's user, or as root"
        : "name the --state folder of the server that runs, or its --config";
  }
}
