package dev.meridian.health;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives every health check id a small number that stays the same for the life of the process, so
 * that eligibility carries over from one load to the next. Ids are never forgotten; a check that no
 * zone uses any more just keeps its number idle.
 *
 * <p>Safe for use by several threads; never touched by the answer path.
 */
public final class HealthRegistry {
  /** Stands for "no health check": always eligible. */
  public static final int NONE = -1;

  private final TargetGuard guard;
  private final Map<String, Integer> indexById = new HashMap<>();
  private final List<String> idByIndex = new ArrayList<>();

  /** Of a process that may probe what {@link TargetGuard#DEFAULT} allows. */
  public HealthRegistry() {
    this(TargetGuard.DEFAULT);
  }

  /** Of a process that may probe what the guard allows. */
  public HealthRegistry(TargetGuard guard) {
    this.guard = guard;
  }

  /** Says where health checks may be aimed, when they are read and when they are probed. */
  public TargetGuard guard() {
    return guard;
  }

  /** The number of {@code id}, given out now if it is new. */
  public synchronized int indexOf(String id) {
    Integer known = indexById.get(id);
    if (known != null) {
      return known;
    }
    int index = idByIndex.size();
    indexById.put(id, index);
    idByIndex.add(id);
    return index;
  }

  /** The id behind a number that {@link #indexOf} gave out. */
  public synchronized String idOf(int index) {
    return idByIndex.get(index);
  }

  /** How many numbers are given out; they are 0 to size-1. */
  public synchronized int size() {
    return idByIndex.size();
  }
}
