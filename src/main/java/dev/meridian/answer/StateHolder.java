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

  /** Holds {@link ServerState#EMPTY}. */
  public StateHolder() {}

  /** The newest state. */
  public ServerState get() {
    return (ServerState) STATE.getAcquire(this);
  }

  /** Makes a state the newest one. Only ever called by the one owner of change. */
  public void publish(ServerState next) {
    STATE.setRelease(this, next);
  }
}
