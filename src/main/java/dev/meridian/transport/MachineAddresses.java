package dev.meridian.transport;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of the interfaces that are up. */
final class MachineAddresses implements Supplier<List<InetAddress>> {
  private static final Logger log = LoggerFactory.getLogger(MachineAddresses.class);

  private List<InetAddress> last = List.of();

  /** If the system does not tell, what it told last: better stale than deaf. */
  @Override
  public List<InetAddress> get() {
    try {
      last =
          NetworkInterface.networkInterfaces()
              .filter(MachineAddresses::isUp)
              .flatMap(NetworkInterface::inetAddresses)
              .toList();
    } catch (SocketException e) {
      log.warn("the system does not tell its addresses; going on with {}", last, e);
    }
    return last;
  }

  private static boolean isUp(NetworkInterface networkInterface) {
    try {
      return networkInterface.isUp();
    } catch (SocketException e) {
      // It went away between being listed and being asked.
      return false;
    }
  }
}
