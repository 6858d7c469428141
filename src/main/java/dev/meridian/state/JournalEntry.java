package dev.meridian.state;

import java.time.Instant;
import java.util.Locale;

/**
 * One thing that happened, as the {@link Journal} keeps it.
 *
 * @param sequence greater than that of everything before, over restarts too; not without gaps
 * @param at wall clock
 * @param kind what it was
 * @param subject what it happened to: a check's id, an override's selector, a generation
 * @param from how it was before; empty where there is no such thing
 * @param to how it is from then on; empty where there is no such thing
 * @param cause what decided, in a word; see {@link Kind}
 * @param reason for people; the longest end at 1000 characters
 */
public record JournalEntry(
    long sequence,
    Instant at,
    Kind kind,
    String subject,
    String from,
    String to,
    String cause,
    String reason) {
  private static final int MAX_TEXT = 1000;

  /** What can happen. */
  public enum Kind {
    /**
     * The process began. The subject is its version; the cause {@code upgrade} if it took another's
     * place, and {@code upgrade-failed} if it goes on, for another has not taken its.
     */
    START,
    /** The process ended in order. The subject is its version. */
    STOP,
    /**
     * A check's health: from and to are {@code healthy}, {@code unhealthy} or {@code held} by the
     * guard; the cause is that of its standing.
     */
    HEALTH,
    /** An override: to is its action, the cause its author. */
    OVERRIDE_SET,
    /**
     * An override: from is its action; the cause {@code expired} or {@code lifted}, which is by
     * somebody, and be it by another override of the same selector.
     */
    OVERRIDE_ENDED,
    /** New files are served: from and to are generations, the cause what asked for it. */
    RELOAD,
    /** New files were wrong, or held back by the gate: the cause is what asked for them. */
    RELOAD_REFUSED,
    /**
     * A kept set is served in place of the files: the subject is its generation, from and to are
     * generations, the cause what asked for it.
     */
    ROLLBACK;

    /** {@code override-set}: as programs read it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Cuts what is too long. */
  public JournalEntry {
    subject = cut(subject);
    from = cut(from);
    to = cut(to);
    cause = cut(cause);
    reason = cut(reason);
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }
}
