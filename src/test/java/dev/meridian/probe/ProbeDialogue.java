package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation;
import java.io.IOException;

/** Probes a target that says whatever it is told to. */
public final class ProbeDialogue implements AutoCloseable {
  private final ProbeRunner runner = new ProbeRunner();

  /**
   * What a probe makes of a target that reads the request, sends {@code response} and closes.
   *
   * @param searchString what the probe looks for in the body
   */
  public Observation hear(byte[] response, String searchString) throws Exception {
    try (Target target = Target.of(connection -> say(connection, response))) {
      return runner.run(
          CheckKind.http(Target.LOOPBACK.getHostAddress())
              .withPort(target.port())
              .withSearchString(searchString));
    }
  }

  private static void say(java.net.Socket connection, byte[] response) throws IOException {
    Target.readRequest(connection);
    connection.getOutputStream().write(response);
  }

  @Override
  public void close() {
    runner.close();
  }
}
