package dev.meridian.health;

import java.time.Instant;
import java.util.List;
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

  /**
   * What can be decided.
   *
   * @param weight of {@link Kind#WEIGHT}; null of the others
   */
  public record Action(Kind kind, @Nullable Weight weight) {
    /** See {@link Kind#UP}. */
    public static final Action UP = new Action(Kind.UP, null);

    /** See {@link Kind#DOWN}. */
    public static final Action DOWN = new Action(Kind.DOWN, null);

    /** See {@link Kind#DRAIN}. */
    public static final Action DRAIN = new Action(Kind.DRAIN, null);

    /** See {@link Kind#FREEZE}. */
    public static final Action FREEZE = new Action(Kind.FREEZE, null);

    /** Those about health. */
    public static final List<Action> OF_HEALTH = List.of(UP, DOWN, DRAIN, FREEZE);

    private static final String WEIGHT_PREFIX = "weight=";

    /** The kinds of decisions. */
    public enum Kind {
      /** Healthy, whatever probes say. */
      UP,
      /** Unhealthy, and counted so by calculated checks. */
      DOWN,
      /** Out of the answers, while calculated checks still go by what its probes say. */
      DRAIN,
      /** Stays as it is. */
      FREEZE,
      /** As healthy as it is, but taking more or less than policies say. */
      WEIGHT
    }

    /** An action about how much is taken. */
    public static Action weight(Weight weight) {
      return new Action(Kind.WEIGHT, weight);
    }

    /**
     * Reads {@code up}, {@code down}, {@code drain}, {@code freeze}, {@code weight=5} or {@code
     * weight=10%}.
     *
     * @throws IllegalArgumentException with a sentence
     */
    public static Action parse(String text) {
      for (Action action : OF_HEALTH) {
        if (action.word().equals(text)) {
          return action;
        }
      }
      if (text.startsWith(WEIGHT_PREFIX)) {
        return weight(Weight.parse(text.substring(WEIGHT_PREFIX.length())));
      }
      throw new IllegalArgumentException(
          "'" + text + "' is none of up, down, drain, freeze, weight=5 and weight=10%");
    }

    /** As people write it. */
    public String word() {
      return weight == null ? kind.name().toLowerCase(Locale.ROOT) : WEIGHT_PREFIX + weight.word();
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

  /** Whether it is about how much an answer takes, and not about health. */
  public boolean isWeight() {
    return action.kind() == Action.Kind.WEIGHT;
  }

  /** Whether it takes the place of another: about the same, with the same selector. */
  public boolean replaces(HealthOverride other) {
    return selector.equals(other.selector) && isWeight() == other.isWeight();
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
