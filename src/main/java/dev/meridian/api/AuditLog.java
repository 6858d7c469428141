package dev.meridian.api;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every change that was asked for: who, what, from where, and what came of it. One JSON object a
 * line, in a file that only its owner reads, written before the answer goes out; and a line in the
 * log. A disk that does not take it, or not in time, does not keep an operator from acting.
 */
final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final long MAX_OCTETS = 16L << 20;
  private static final int MAX_WAITING = 256;
  private static final int MAX_VALUE = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Path file;
  private final InstantSource clock;
  private final Duration patience;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().name("meridian-audit").daemon().factory());

  /** A log in a folder, which need not be there yet. */
  AuditLog(Path folder, InstantSource clock) {
    this(folder, clock, PATIENCE);
  }

  /** As above, with another patience with the disk. */
  AuditLog(Path folder, InstantSource clock, Duration patience) {
    this.file = folder.resolve("audit.log");
    this.clock = clock;
    this.patience = patience;
    thread.allowCoreThreadTimeOut(true);
  }

  /** Writes one entry; completes when it is in the file, cannot be, or should have been. */
  CompletionStage<Void> add(
      Principal who, String path, Map<String, List<String>> parameters, int status) {
    String line = line(who, path, parameters, status);
    LOG.info("{}", line);
    try {
      return CompletableFuture.runAsync(() -> write(line), thread)
          .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.error("The audit log falls behind; the entry is in this log only");
      return CompletableFuture.completedFuture(null);
    }
  }

  private String line(
      Principal who, String path, Map<String, List<String>> parameters, int status) {
    byte[] octets =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("at", clock.instant().toString());
              json.writeStringField("who", who.name());
              json.writeStringField("role", who.role().word());
              json.writeStringField("from", who.from());
              json.writeStringField("what", path);
              for (Map.Entry<String, List<String>> each : parameters.entrySet()) {
                String value = String.join(", ", each.getValue());
                json.writeStringField("parameter." + cut(each.getKey()), cut(value));
              }
              json.writeNumberField("status", status);
              json.writeEndObject();
            });
    return new String(octets, StandardCharsets.UTF_8);
  }

  private static String cut(String text) {
    return text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE) + "…";
  }

  private void write(String line) {
    try {
      if (Files.exists(file) && Files.size(file) > MAX_OCTETS) {
        Path before = file.resolveSibling("audit.log.1");
        Files.move(file, before, StandardCopyOption.REPLACE_EXISTING);
      }
      if (Files.notExists(file)) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.error(
          "The audit log cannot be written; the entry is in this log only: {}",
          Reasons.withFile(e));
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
