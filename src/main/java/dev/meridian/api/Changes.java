package dev.meridian.api;

import dev.meridian.answer.ServerState;
import dev.meridian.control.ControlStatus;
import dev.meridian.control.Server;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers what is new: while a number stays, nothing has changed that anybody is told of, probes
 * that only confirm what is known aside. One thread's own.
 */
final class Changes {
  private final Server server;
  private @Nullable Seen seen;
  private @Nullable HealthBoard board;
  private long standings;
  private long number;

  Changes(Server server) {
    this.server = server;
  }

  /** All that pages show and that changes by itself. */
  private record Seen(
      ServerState state,
      long standings,
      List<HealthOverride> overrides,
      long told,
      ControlStatus status) {
    boolean isSame(@Nullable Seen other) {
      return other != null
          && state == other.state
          && standings == other.standings
          && told == other.told
          && status.equals(other.status)
          && overrides.equals(other.overrides);
    }
  }

  /** Grows with every change. */
  long number() {
    HealthBoard newest = server.board();
    Seen now =
        new Seen(
            server.state(),
            standings(newest),
            newest.overrides(),
            server.journal().last(),
            server.status());
    if (!now.isSame(seen)) {
      seen = now;
      number++;
    }
    return number;
  }

  /** Grows when what routing goes by has changed for any check; the board does with every probe. */
  long standings() {
    return standings(server.board());
  }

  @SuppressWarnings("ReferenceEquality") // the same board needs no second look
  private long standings(HealthBoard newest) {
    if (newest != board) {
      HealthBoard known = board;
      board = newest;
      if (known == null || !sameStandings(known, newest)) {
        standings++;
      }
    }
    return standings;
  }

  private static boolean sameStandings(HealthBoard known, HealthBoard newest) {
    if (known.statuses().size() != newest.statuses().size()) {
      return false;
    }
    for (int i = 0; i < newest.statuses().size(); i++) {
      HealthStatus before = known.statuses().get(i);
      HealthStatus after = newest.statuses().get(i);
      if (!before.standing().equals(after.standing()) || before.index() != after.index()) {
        return false;
      }
    }
    return true;
  }
}
