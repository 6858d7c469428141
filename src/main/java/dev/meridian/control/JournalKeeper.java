package dev.meridian.control;

import dev.meridian.health.HealthEvent;
import dev.meridian.health.HealthOverride;
import dev.meridian.publish.KeptSet;
import dev.meridian.publish.ReloadResult;
import dev.meridian.source.Problem;
import dev.meridian.state.Journal;
import dev.meridian.state.JournalEntry.Kind;

/** Puts what happens into the journal's words. Any thread; never waits. */
record JournalKeeper(Journal journal) {
  /**
   * The process began.
   *
   * @param from whose place it takes; empty: nobody's
   */
  void started(String version, String from) {
    String cause = from.isEmpty() ? "" : "upgrade";
    journal.add(
        Kind.START, version, "", "", cause, from.isEmpty() ? "" : "takes over from " + from);
  }

  /** The process goes on, for another that was to take its place has not. */
  void wentOn(String version, String reason) {
    journal.add(Kind.START, version, "", "", "upgrade-failed", reason);
  }

  void stopped(String version) {
    journal.add(Kind.STOP, version, "", "", "", "");
  }

  void reloaded(ReloadResult result) {
    String generation = Long.toString(result.generation());
    KeptSet old = result.kept();
    if (result.ok() && old != null) {
      String before = Long.toString(result.generation() - 1);
      String what = "the set of " + old.at() + " (" + old.reason() + "), " + text(result);
      String subject = Long.toString(old.generation());
      journal.add(Kind.ROLLBACK, subject, before, generation, result.reason(), what);
    } else if (result.ok()) {
      String before = Long.toString(result.generation() - 1);
      journal.add(Kind.RELOAD, generation, before, generation, result.reason(), text(result));
    } else {
      journal.add(
          Kind.RELOAD_REFUSED, generation, generation, generation, result.reason(), text(result));
    }
  }

  private static String text(ReloadResult result) {
    if (result.ok()) {
      return "in " + result.took().toMillis() + " ms, warnings: " + result.problems().size();
    }
    String first =
        result.problems().stream()
            .filter(Problem::isError)
            .findFirst()
            .map(result.heldBack() ? Problem::message : Problem::toString)
            .orElse("");
    return result.heldBack()
        ? "held back: " + first
        : "errors: " + result.errorCount() + ", first " + first;
  }

  void happened(HealthEvent event) {
    switch (event) {
      case HealthEvent.Changed it ->
          journal.add(
              Kind.HEALTH,
              it.id(),
              it.before().word(),
              it.standing().word(),
              it.standing().cause().word(),
              it.standing().reason());
      case HealthEvent.OverrideSet it -> {
        HealthOverride set = it.override();
        journal.add(
            Kind.OVERRIDE_SET, set.selector(), "", set.action().word(), set.author(), set.reason());
      }
      case HealthEvent.OverrideEnded it -> {
        HealthOverride ended = it.override();
        String cause = it.expired() ? "expired" : "lifted";
        journal.add(
            Kind.OVERRIDE_ENDED, ended.selector(), ended.action().word(), "", cause, ended.text());
      }
    }
  }
}
