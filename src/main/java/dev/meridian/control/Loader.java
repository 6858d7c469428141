package dev.meridian.control;

import dev.meridian.answer.ServerState;
import dev.meridian.control.KeptSets.Pin;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.load.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is to be served, and knows what to do when the files cannot be:
 *
 * <pre>
 * files     first load       served
 * -----     ----------       ------
 * good      yes or no        the files; but a kept set, if a person went back to it and the files
 *                            have not changed since
 * not good  no               what is served already
 * not good  yes              the kept set that was gone back to, else the newest that can be read
 * not good  yes, none kept   nothing
 * </pre>
 *
 * <p>Used by one thread at a time; it may take its time.
 */
final class Loader {
  private final StateSource source;
  private final KeptSets kept;
  private final Supplier<EligibilitySnapshot> health;

  Loader(StateSource source, KeptSets kept, Supplier<EligibilitySnapshot> health) {
    this.source = source;
    this.kept = kept;
    this.health = health;
  }

  /**
   * Loads.
   *
   * @param first whether nothing is served yet
   */
  Attempt load(Order order, boolean first) {
    try {
      if (order.kept() != null) {
        return again(order.kept());
      }
      LoadedState loaded = source.load();
      Optional<KeptSet> pinned = first ? pinned(loaded) : Optional.empty();
      return pinned.isPresent() ? again(pinned.get()) : attempt(loaded, null);
    } catch (LoadFailedException e) {
      return first && order.kept() == null ? lastGood(e.problems()) : Attempt.refused(e.problems());
    }
  }

  private Attempt attempt(LoadedState loaded, @Nullable KeptSet set) {
    ServerState decided = ServerState.of(loaded.zones(), health.get(), 0);
    return new Attempt(loaded, decided, loaded.problems(), set, List.of());
  }

  private Attempt again(KeptSet set) throws LoadFailedException {
    return attempt(kept.load(set, source), set);
  }

  /** What a person went back to, if the files are still those that were gone back from. */
  private Optional<KeptSet> pinned(LoadedState files) {
    return kept.pinned()
        .filter(pin -> files.copy().map(SetCopy::digest).filter(pin.away()::equals).isPresent())
        .flatMap(this::pinned);
  }

  private Optional<KeptSet> pinned(Pin pin) {
    return kept.list().stream().filter(set -> set.generation() == pin.generation()).findFirst();
  }

  private Attempt lastGood(List<Problem> problems) {
    List<Problem> all = new ArrayList<>(problems);
    List<KeptSet> candidates = new ArrayList<>(kept.list());
    kept.pinned().flatMap(this::pinned).ifPresent(set -> candidates.addFirst(set));
    for (KeptSet set : candidates) {
      try {
        return again(set).after(all);
      } catch (LoadFailedException e) {
        all.addAll(e.problems());
      }
    }
    return Attempt.refused(all);
  }
}
