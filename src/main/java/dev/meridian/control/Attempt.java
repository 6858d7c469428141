package dev.meridian.control;

import dev.meridian.answer.ServerState;
import dev.meridian.load.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of an {@link Order}: a state to be published, or problems.
 *
 * @param state null: nothing
 * @param decided the same for the health of the time of loading
 * @param problems of the state, or why there is none
 * @param kept the kept set that the state was read from; null: it is of the files
 * @param before problems of the files for which a kept set is served in their place; usually empty
 */
record Attempt(
    @Nullable LoadedState state,
    ServerState decided,
    List<Problem> problems,
    @Nullable KeptSet kept,
    List<Problem> before) {

  static Attempt refused(List<Problem> problems) {
    return new Attempt(null, ServerState.EMPTY, problems, null, List.of());
  }

  static Attempt refused(String message) {
    return refused(List.of(new Problem(".", 1, 1, Problem.Severity.ERROR, message)));
  }

  Attempt after(List<Problem> others) {
    return new Attempt(state, decided, problems, kept, others);
  }
}
