package dev.meridian.publish;

import dev.meridian.answer.ServerState;
import dev.meridian.source.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of an {@link Order}: a state to be published, or problems.
 *
 * @param state null: nothing
 * @param decided the same for the health of the time of loading
 * @param problems of the state, or why there is none
 * @param kept the kept set that the state was read from; null: it is of the files
 * @param refusal of the files, for which a kept set is served in their place; null: none
 * @param heldBack files that are not wrong and that the gate holds back; null: it does not
 */
public record Attempt(
    @Nullable LoadedState state,
    ServerState decided,
    List<Problem> problems,
    @Nullable KeptSet kept,
    @Nullable Attempt refusal,
    @Nullable Copying heldBack) {

  static Attempt refused(List<Problem> problems) {
    return new Attempt(null, ServerState.EMPTY, problems, null, null, null);
  }

  public static Attempt refused(String message) {
    return refused(List.of(new Problem(".", 1, 1, Problem.Severity.ERROR, message)));
  }

  static Attempt heldBack(List<Problem> problems, Copying files) {
    return new Attempt(null, ServerState.EMPTY, problems, null, null, files);
  }

  Attempt after(Attempt other) {
    return new Attempt(state, decided, problems, kept, other, heldBack);
  }
}
