package dev.meridian.policyfile;

import dev.meridian.policy.Candidate;
import java.util.IdentityHashMap;

/**
 * Where the branches of policies are written. Beside the policies and not in them: two that say the
 * same are equal wherever they stand. Filled by one thread, then only read.
 */
public final class BranchPositions {
  /** Of files that have branches nowhere in particular. */
  public static final BranchPositions NONE = new BranchPositions();

  private final IdentityHashMap<Candidate, Long> positions = new IdentityHashMap<>();

  BranchPositions() {}

  void put(Candidate branch, long position) {
    positions.put(branch, position);
  }

  /**
   * The position of a branch, see {@link dev.meridian.source.SourceFiles}.
   *
   * @param otherwise of a branch that is not known
   */
  public long of(Candidate branch, long otherwise) {
    return positions.getOrDefault(branch, otherwise);
  }
}
