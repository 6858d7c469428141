package dev.meridian.answer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The one reference by which a new state reaches the event loops. One writer publishes with
 * release; readers take it with acquire, once per query.
 */
public final class StateHolder {
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(StateHolder.class, "state", ServerState.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ServerState state = ServerState.EMPTY;

  private final int choices;

  /** Holds {@link ServerState#EMPTY}; what is chosen is not counted. */
  public StateHolder() {
    this(0);
  }

  /**
   * Holds {@link ServerState#EMPTY}.
   *
   * @param choices how many counters of choices its readers have
   */
  public StateHolder(int choices) {
    this.choices = choices;
  }

  /** How many counters of choices its readers have. */
  public int choices() {
    return choices;
  }

  /** The newest state. */
  public ServerState get() {
    return (ServerState) STATE.getAcquire(this);
  }

  /** Makes a state the newest one. Only ever called by the one owner of change. */
  public void publish(ServerState next) {
    STATE.setRelease(this, next);
  }
}
