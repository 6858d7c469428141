package dev.meridian.state;

import java.nio.file.Path;

/** Another server keeps its state in the folder that this one was told to use. */
public final class StateInUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StateInUseException(Path folder, String owner) {
    super(
        "the state folder "
            + folder
            + " is in use by "
            + owner
            + "; stop that server, or give this one another --state");
  }
}
