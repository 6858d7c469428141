package dev.meridian.health;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a person has decided about some health checks, in place of their probes.
 *
 * @param selector whose checks: see {@link #pattern}; 1-255 characters
 * @param action what is decided
 * @param author who decided it; 1-255 characters
 * @param reason why; 1-255 characters
 * @param since when; wall clock
 * @param expires when the probes decide again; wall clock; null: not before someone says so
 * @param origin how it was decided
 */
public record HealthOverride(
    String selector,
    Action action,
    String author,
    String reason,
    Instant since,
    @Nullable Instant expires,
    Origin origin) {
  private static final int MAX_LENGTH = 255;

  /** How a person decides. */
  public enum Origin {
    /** By a command, or over the API; kept in the state folder. */
    COMMAND,
    /** In the file of overrides; in force for as long as it stands there. */
    FILE;

    /** As people write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One that is decided by a command. */
  public HealthOverride(
      String selector,
      Action action,
      String author,
      String reason,
      Instant since,
      @Nullable Instant expires) {
    this(selector, action, author, reason, since, expires, Origin.COMMAND);
  }

  /** What can be decided. */
  public enum Action {
    /** Healthy, whatever probes say. */
    UP,
    /** Unhealthy, and counted so by calculated checks. */
    DOWN,
    /** Out of the answers, while calculated checks still go by what its probes say. */
    DRAIN,
    /** Stays as it is. */
    FREEZE;

    /** Reads {@code up}, {@code down}, {@code drain} or {@code freeze}. */
    public static Action parse(String text) {
      for (Action action : values()) {
        if (action.word().equals(text)) {
          return action;
        }
      }
      throw new IllegalArgumentException(
          "'" + text + "' is none of up, down, drain, freeze and auto");
    }

    /** As people write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the texts.
   *
   * @throws IllegalArgumentException with a sentence
   */
  public HealthOverride {
    requireText("selector", selector);
    requireText("author", author);
    requireText("reason", reason);
    if (expires != null && !expires.isAfter(since)) {
      throw new IllegalArgumentException("an override must end after it begins");
    }
  }

  private static void requireText(String what, String text) {
    boolean printable = text.chars().noneMatch(Character::isISOControl);
    if (text.isBlank() || text.length() > MAX_LENGTH || !printable) {
      throw new IllegalArgumentException(
          "an override needs a " + what + " of 1 to 255 characters without control characters");
    }
  }

  /**
   * What the ids of the checks that a selector means look like. A selector is the whole id or any
   * run of its parts between slashes, where {@code *} stands for any characters and {@code ?} for
   * one. So {@code fra-1} means {@code example.com/fra-1/192.0.2.10}, and {@code *} means
   * everything.
   */
  public static Pattern pattern(String selector) {
    StringBuilder pattern = new StringBuilder("(?s)(?:.*/)?");
    for (int i = 0; i < selector.length(); i++) {
      char c = selector.charAt(i);
      switch (c) {
        case '*' -> pattern.append(i > 0 && selector.charAt(i - 1) == '*' ? "" : ".*");
        case '?' -> pattern.append('.');
        default -> pattern.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(pattern + "(?:/.*)?");
  }

  /** Whether its time is not over. */
  boolean lasts(Instant now) {
    return expires == null || expires.isAfter(now);
  }

  /** {@code drain by ann: new rack}. */
  public String text() {
    return action.word() + " by " + author + ": " + reason;
  }
}
