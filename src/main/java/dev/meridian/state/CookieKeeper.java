package dev.meridian.state;

import dev.meridian.answer.CookieSecrets;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the server's own cookie secrets, keeps them over restarts and replaces them in time. New
 * ones are on the disk before the first cookie is made with them, so that a sudden end costs no
 * client its cookie. A folder that cannot be written is no reason not to serve.
 *
 * <p>Its state belongs to one thread: the caller's of {@link #begin}, then its own.
 */
public final class CookieKeeper implements StateWriter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CookieKeeper.class);

  /** How often to see whether it is time; the clock may have been set meanwhile. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final StateFile file;
  private final Path folder;
  private final InstantSource clock;
  private final Duration lifetime;
  private final RandomGenerator random;
  private final Consumer<CookieSecrets> user;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("meridian-cookies").daemon().factory());

  private @Nullable Future<?> looks;
  private CookieRoll roll;
  private boolean saved;
  private boolean complained;

  /**
   * Does nothing yet.
   *
   * @param folder for state; made when there is something to keep
   * @param lifetime of a secret, more than an hour
   * @param random cryptographically strong
   * @param user takes the secrets, now and whenever they change
   */
  public CookieKeeper(
      Path folder,
      InstantSource clock,
      Duration lifetime,
      RandomGenerator random,
      Consumer<CookieSecrets> user) {
    this.folder = folder;
    this.file = new StateFile(folder, "cookies");
    this.clock = clock;
    this.lifetime = lifetime;
    this.random = random;
    this.user = user;
    this.roll = CookieRoll.fresh(clock.instant(), random);
  }

  /** Takes up the secrets that were kept, or makes some, and looks after them from here on. */
  void begin() {
    recall();
    use();
  }

  /**
   * As above, with what another process has used until now.
   *
   * @param octets as {@link #octets} has them; empty: it used none of its own
   */
  public void begin(byte[] octets) {
    recall();
    if (octets.length > 0) {
      parse(octets);
      saved = false;
    }
    use();
  }

  private void use() {
    look();
    user.accept(roll.secrets());
    long millis = LOOK.toMillis();
    looks = thread.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** What is used, for {@link #begin(byte[])} of another process. */
  public byte[] octets() {
    return OwnThread.call(thread, () -> roll.toOctets());
  }

  @Override
  public void suspend() {
    Future<?> looking = looks;
    if (looking != null) {
      looking.cancel(false);
    }
    OwnThread.run(thread, () -> {}); // it may be looking just now
  }

  @Override
  public void resume() {
    OwnThread.run(thread, this::begin);
  }

  private void recall() {
    StateFile.Kept kept = file.read();
    for (String complaint : kept.complaints()) {
      LOG.warn("Cookie secrets: {}", complaint);
    }
    byte[] octets = kept.octets();
    if (octets == null) {
      LOG.info("New cookie secrets; clients learn new cookies by themselves");
      return;
    }
    parse(octets);
  }

  private void parse(byte[] octets) {
    try {
      roll = CookieRoll.parse(octets, clock.instant());
      saved = true;
    } catch (IOException e) {
      LOG.warn("Making new cookie secrets; those in {} cannot be used: {}", folder, Reasons.of(e));
    }
  }

  /** Rolls over if it is time, and saves what could not be saved before. */
  void look() {
    Instant now = clock.instant();
    boolean due = roll.isDue(now, lifetime);
    if (due) {
      roll = roll.rollOver(now, random);
      saved = false;
    }
    if (!saved) {
      save();
    }
    if (due) {
      user.accept(roll.secrets());
      LOG.info("Cookies are made with a new secret; those of the old one stay good");
    }
  }

  private void save() {
    try {
      file.write(roll.toOctets());
      saved = true;
      complained = false;
    } catch (IOException | RuntimeException e) {
      if (!complained) {
        LOG.warn(
            "Cookie secrets cannot be kept in {} ({}); a restart will make new ones."
                + " Let the server write there, or name another folder with --state",
            folder,
            Reasons.of(e));
      }
      complained = true;
    }
  }

  /** Ends the thread; the secrets stay in use. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
