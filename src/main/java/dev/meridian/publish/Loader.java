package dev.meridian.publish;

import dev.meridian.answer.ServerState;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.publish.Gate.Judgement;
import dev.meridian.source.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is to be served, and knows what to do when the files cannot be:
 *
 * <pre>
 * files      first load       served
 * -----      ----------       ------
 * good       no               the files, if the gate lets them pass or somebody forces them; else
 *                             what is served already
 * good       yes              the files; but a kept set, if a person went back to it or the gate
 *                             held the files back, and they have not changed since
 * not good   no               what is served already
 * not good   yes              the kept set that was gone back to, else the newest that can be read
 * not good   yes, none kept   nothing
 * </pre>
 *
 * <p>The first load is not judged: there is nothing to compare it with, and who starts a server on
 * files has seen them, or will.
 *
 * <p>Used by one thread at a time, but for {@link #serves}; it may take its time.
 */
public final class Loader {
  private final StateSource source;
  private final Gate gate;
  private final KeptSets kept;
  private final Supplier<EligibilitySnapshot> health;
  private final Supplier<ServerState> current;

  /** What the next set is compared with; null before the first. */
  private volatile @Nullable LoadedState served;

  /**
   * @param health of this moment
   * @param current what is answered from at this moment
   */
  public Loader(
      StateSource source,
      Gate gate,
      KeptSets kept,
      Supplier<EligibilitySnapshot> health,
      Supplier<ServerState> current) {
    this.source = source;
    this.gate = gate;
    this.kept = kept;
    this.health = health;
    this.current = current;
  }

  /** Says what is served from now on. */
  public void serves(LoadedState state) {
    served = state.with(Copying.NOTHING);
  }

  /** Makes ready for the next load. */
  public void prepare() {
    LoadedState state = served;
    if (state != null) {
      gate.prepare(state);
    }
  }

  public Attempt load(Order order) {
    LoadedState before = served;
    try {
      if (order.kept() != null) {
        return again(order.kept());
      }
      LoadedState files = order.thorough() ? source.load() : source.loadNoted();
      return before == null ? first(files) : judged(before, files, order.forced());
    } catch (LoadFailedException e) {
      Attempt refused = Attempt.refused(e.problems());
      return before == null && order.kept() == null ? lastGood(refused) : refused;
    }
  }

  private Attempt judged(LoadedState before, LoadedState files, boolean forced) {
    Judgement judgement = gate.judge(before, files, health.get(), forced);
    List<Problem> problems = new ArrayList<>(judgement.problems());
    problems.addAll(files.problems());
    if (judgement.holdsBack()) {
      return Attempt.heldBack(problems, files.copying());
    }
    return attempt(files.with(problems), null);
  }

  private Attempt first(LoadedState files) throws LoadFailedException {
    Optional<Pin> pin = kept.pinned();
    Optional<KeptSet> set = pin.flatMap(this::pinned);
    if (pin.isEmpty() || set.isEmpty() || !pin.get().away().equals(digest(files))) {
      return attempt(files, null);
    }
    Attempt old = again(set.get());
    String why = pin.get().why();
    return why.isEmpty()
        ? old
        : old.after(Attempt.heldBack(Gate.stillHeldBack(why), files.copying()));
  }

  private static String digest(LoadedState files) {
    return files.copying().make().map(SetCopy::digest).orElse("");
  }

  private Attempt attempt(LoadedState loaded, @Nullable KeptSet set) {
    ServerState decided = ServerState.of(loaded.zones(), health.get(), current.get());
    return new Attempt(loaded, decided, loaded.problems(), set, null, null);
  }

  private Attempt again(KeptSet set) throws LoadFailedException {
    return attempt(kept.load(set, source), set);
  }

  private Optional<KeptSet> pinned(Pin pin) {
    return kept.list().stream().filter(set -> set.generation() == pin.generation()).findFirst();
  }

  private Attempt lastGood(Attempt refused) {
    List<Problem> all = new ArrayList<>(refused.problems());
    List<KeptSet> candidates = new ArrayList<>(kept.list());
    kept.pinned().flatMap(this::pinned).ifPresent(set -> candidates.addFirst(set));
    for (KeptSet set : candidates) {
      try {
        return again(set).after(Attempt.refused(all));
      } catch (LoadFailedException e) {
        all.addAll(e.problems());
      }
    }
    return Attempt.refused(all);
  }
}
