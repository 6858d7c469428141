package dev.meridian.health;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that health checking keeps while the process is away, and its form as octets.
 *
 * @param savedAt wall clock
 * @param checks by id
 * @param overrides in force, in their order
 * @param heartbeats how long ago each target that calls had called; the time in between, in which
 *     nobody could take a call, does not count
 */
public record HealthMemory(
    Instant savedAt,
    Map<String, Remembered> checks,
    List<HealthOverride> overrides,
    Map<String, Duration> heartbeats) {
  /** Nothing. */
  public static final HealthMemory EMPTY =
      new HealthMemory(Instant.EPOCH, Map.of(), List.of(), Map.of());

  /** Stands where the first format had a time, and is none: the number of a later format on it. */
  private static final long FORMATS = Long.MIN_VALUE;

  private static final int FORMAT = 5;

  /** A verdict older than this says nothing any more. */
  public static final Duration LONGEST_ABSENCE = Duration.ofHours(1);

  /** Copies the collections. */
  public HealthMemory {
    checks = Map.copyOf(checks);
    overrides = List.copyOf(overrides);
    heartbeats = Map.copyOf(heartbeats);
  }

  /** What is worth keeping of a board. */
  public static HealthMemory of(HealthBoard board, Map<String, Duration> heartbeats, Instant now) {
    Map<String, Remembered> checks = new HashMap<>();
    board.statuses().forEach(status -> checks.put(status.id(), Remembered.of(status)));
    return new HealthMemory(
        now, checks, board.overrides(HealthOverride.Origin.COMMAND), heartbeats);
  }

  /** What of it still holds at a start: no verdicts from long ago, no ended overrides. */
  public HealthMemory at(Instant now) {
    boolean stale = Duration.between(savedAt, now).compareTo(LONGEST_ABSENCE) > 0;
    List<HealthOverride> lasting = overrides.stream().filter(each -> each.lasts(now)).toList();
    return new HealthMemory(
        savedAt, stale ? Map.of() : checks, lasting, stale ? Map.of() : heartbeats);
  }

  /** As octets; {@link #read} understands them. */
  public byte[] octets() {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(octets)) {
      out.writeLong(FORMATS + FORMAT);
      write(out, savedAt);
      out.writeInt(checks.size());
      for (Map.Entry<String, Remembered> entry : checks.entrySet()) {
        out.writeUTF(entry.getKey());
        write(out, entry.getValue());
      }
      out.writeInt(overrides.size());
      for (HealthOverride override : overrides) {
        write(out, override);
      }
      out.writeInt(heartbeats.size());
      for (Map.Entry<String, Duration> entry : heartbeats.entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeLong(entry.getValue().toMillis());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an id is too long to be kept", e);
    }
    return octets.toByteArray();
  }

  private static void write(DataOutputStream out, Instant instant) throws IOException {
    out.writeLong(instant.getEpochSecond());
    out.writeInt(instant.getNano());
  }

  private static void write(DataOutputStream out, Remembered check) throws IOException {
    Hysteresis.State state = check.state();
    out.writeLong(check.definition());
    out.writeBoolean(state.up());
    out.writeBoolean(state.known());
    out.writeInt(state.consecutivePasses());
    out.writeInt(state.consecutiveFailures());
    out.writeLong(state.recentFailures());
    out.writeBoolean(check.agreed());
    out.writeDouble(check.penalty());
    out.writeBoolean(check.held());
    out.writeBoolean(check.healthy());
    out.writeBoolean(check.slowStart());
    write(out, check.since());
  }

  private static void write(DataOutputStream out, HealthOverride override) throws IOException {
    out.writeUTF(override.selector());
    out.writeUTF(override.action().word());
    out.writeUTF(override.author());
    out.writeUTF(override.reason());
    write(out, override.since());
    Instant expires = override.expires();
    out.writeBoolean(expires != null);
    if (expires != null) {
      write(out, expires);
    }
  }

  /**
   * Reads what {@link #octets} made.
   *
   * @throws IOException if it is something else
   */
  public static HealthMemory read(byte[] octets) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
      long first = in.readLong();
      int format = format(first);
      Instant savedAt = format > 1 ? instant(in) : Instant.ofEpochSecond(first, in.readInt());
      Map<String, Remembered> checks = new HashMap<>();
      for (int i = in.readInt(); i > 0; i--) {
        checks.put(in.readUTF(), remembered(in, format));
      }
      List<HealthOverride> overrides = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        overrides.add(override(in));
      }
      Map<String, Duration> heartbeats = new HashMap<>();
      for (int i = format < 5 ? 0 : in.readInt(); i > 0; i--) {
        heartbeats.put(in.readUTF(), Duration.ofMillis(in.readLong()));
      }
      return new HealthMemory(savedAt, checks, overrides, heartbeats);
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new IOException("it holds values that are not possible: " + e.getMessage(), e);
    }
  }

  private static int format(long first) throws IOException {
    if (first > FORMATS + 0xFF) {
      return 1;
    }
    int format = (int) (first - FORMATS);
    if (format < 2 || format > FORMAT) {
      throw new IOException("it is of format " + format + ", from another build");
    }
    return format;
  }

  private static Instant instant(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  private static Remembered remembered(DataInputStream in, int format) throws IOException {
    long definition = in.readLong();
    Hysteresis.State state =
        new Hysteresis.State(
            in.readBoolean(),
            in.readBoolean(),
            in.readInt(),
            in.readInt(),
            format < 3 ? 0 : in.readLong());
    boolean agreed = format > 1 ? in.readBoolean() : state.up();
    return new Remembered(
        definition,
        state,
        agreed,
        in.readDouble(),
        in.readBoolean(),
        in.readBoolean(),
        format > 3 && in.readBoolean(),
        instant(in));
  }

  private static HealthOverride override(DataInputStream in) throws IOException {
    String selector = in.readUTF();
    HealthOverride.Action action = HealthOverride.Action.parse(in.readUTF());
    String author = in.readUTF();
    String reason = in.readUTF();
    Instant since = instant(in);
    @Nullable Instant expires = in.readBoolean() ? instant(in) : null;
    return new HealthOverride(selector, action, author, reason, since, expires);
  }
}
