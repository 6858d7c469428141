package dev.meridian.answer;

import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.policy.Decisions;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.util.BitSet;

/**
 * All that answers are made from, at one moment. Immutable; replaced whole. A query takes one
 * reference at its beginning and uses nothing else to its end.
 */
public final class ServerState {
  /** Before anything is loaded: everything is refused. */
  public static final ServerState EMPTY =
      new ServerState(Zones.EMPTY, new Decisions[0][], EligibilitySnapshot.ALL, 0);

  private final Zones zones;

  /** By zone and routed RRset. */
  private final Decisions[][] decisions;

  private final EligibilitySnapshot eligibility;
  private final long generation;

  private ServerState(
      Zones zones, Decisions[][] decisions, EligibilitySnapshot eligibility, long generation) {
    this.zones = zones;
    this.decisions = decisions;
    this.eligibility = eligibility;
    this.generation = generation;
  }

  /**
   * The state for freshly loaded zones.
   *
   * @param generation counts loads; larger than that of any state before
   */
  public static ServerState of(Zones zones, EligibilitySnapshot eligibility, long generation) {
    Decisions[][] decisions = new Decisions[zones.size()][];
    for (int i = 0; i < decisions.length; i++) {
      Zone zone = zones.get(i);
      decisions[i] = new Decisions[zone.routedCount()];
      for (int j = 0; j < decisions[i].length; j++) {
        decisions[i][j] = zone.routed(j).decide(eligibility);
      }
    }
    return new ServerState(zones, decisions, eligibility, generation);
  }

  /** The same zones in another state of health; only what depends on changed checks is redone. */
  public ServerState with(EligibilitySnapshot next) {
    BitSet changed = eligibility.changes(next);
    Decisions[][] redone = decisions.clone();
    for (int i = 0; i < redone.length; i++) {
      redone[i] = redecide(zones.get(i), decisions[i], changed, next);
    }
    return new ServerState(zones, redone, next, generation);
  }

  private static Decisions[] redecide(
      Zone zone, Decisions[] current, BitSet changed, EligibilitySnapshot next) {
    Decisions[] redone = current;
    boolean copied = false;
    for (int i = 0; i < current.length; i++) {
      if (zone.routed(i).dependsOnAny(changed)) {
        redone = copied ? redone : current.clone();
        copied = true;
        redone[i] = zone.routed(i).decide(next);
      }
    }
    return redone;
  }

  /** The same under another generation. */
  public ServerState numbered(long newGeneration) {
    return new ServerState(zones, decisions, eligibility, newGeneration);
  }

  public Zones zones() {
    return zones;
  }

  /** What a routed RRset answers now. */
  public Decisions decisions(int zone, int routed) {
    return decisions[zone][routed];
  }

  /** The state of health that the decisions are made for. */
  public EligibilitySnapshot eligibility() {
    return eligibility;
  }

  /** Counts loads; health changes do not count. */
  public long generation() {
    return generation;
  }
}
