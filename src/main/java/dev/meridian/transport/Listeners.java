package dev.meridian.transport;

import dev.meridian.net.SocketAddresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a server listens on. A wildcard address stands for every address (0.0.0.0: of IPv4) that
 * the machine has at the moment, each with sockets of its own: a reply from a wildcard UDP socket
 * leaves from whatever address the kernel likes best, and clients drop what does not come from
 * where they asked. {@link #rescan()} follows the machine's addresses as they come and go.
 *
 * <p>Thread-safe: used by the threads that start, rescan, read and close.
 */
final class Listeners {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final Function<InetSocketAddress, Listener> opener;
  private final Function<InetSocketAddress, Listener> early;
  private final Supplier<? extends Collection<InetAddress>> machineAddresses;
  private final Map<String, Listener> open = new LinkedHashMap<>();
  private final List<Wildcard> wildcards = new ArrayList<>();
  private boolean closed;

  /**
   * Listens on nothing yet.
   *
   * @param opener opens the sockets of one address or throws {@link ListenException}
   * @param early the same of an address that the machine does not have yet
   * @param machineAddresses the addresses that the machine has now
   */
  Listeners(
      Function<InetSocketAddress, Listener> opener,
      Function<InetSocketAddress, Listener> early,
      Supplier<? extends Collection<InetAddress>> machineAddresses) {
    this.opener = opener;
    this.early = early;
    this.machineAddresses = machineAddresses;
  }

  /**
   * Opens every address, and when all are open serves them.
   *
   * @throws ListenException if one cannot be opened, or if there is none; some may be open then
   */
  synchronized void openAll(List<InetSocketAddress> addresses) {
    for (InetSocketAddress address : addresses) {
      if (address.isUnresolved()) {
        throw new ListenException(address, "it is a name; give an address");
      }
      if (!address.getAddress().isAnyLocalAddress()) {
        add(open(address));
      }
    }
    for (InetSocketAddress address : addresses) {
      if (address.getAddress().isAnyLocalAddress()) {
        Wildcard wildcard = new Wildcard(address);
        wildcards.add(wildcard);
        wildcard.follow(machineAddresses.get(), true);
      }
    }
    if (open.isEmpty()) {
      throw new ListenException(
          addresses.isEmpty() ? new InetSocketAddress(0) : addresses.getFirst(),
          "this machine has no address of that family");
    }
    open.values().forEach(Listener::serve);
  }

  /** An address that may come later, as those that move between machines do, is no mistake. */
  private Listener open(InetSocketAddress address) {
    try {
      return opener.apply(address);
    } catch (ListenException e) {
      if (e.reason() != ListenException.Reason.NOT_AVAILABLE) {
        throw e;
      }
      Listener listener = early.apply(address);
      log.warn(
          "{} is not an address of this machine yet: nobody is answered there until it is",
          SocketAddresses.format(address));
      return listener;
    }
  }

  /** Whether the machine's addresses matter. */
  synchronized boolean hasWildcard() {
    return !wildcards.isEmpty();
  }

  /** Opens addresses that are new and closes those that are gone; failures are logged. */
  synchronized void rescan() {
    if (closed) {
      return;
    }
    Collection<InetAddress> present = machineAddresses.get();
    for (Wildcard wildcard : wildcards) {
      wildcard.follow(present, false);
    }
  }

  /** What is open, in the order of opening. */
  synchronized List<Listener> all() {
    return List.copyOf(open.values());
  }

  synchronized void close() {
    closed = true;
    open.values().forEach(Listener::close);
    open.clear();
  }

  private void add(Listener listener) {
    open.put(SocketAddresses.format(listener.address()), listener);
  }

  /** One wildcard address and what is open because of it. */
  private final class Wildcard {
    /** 0.0.0.0 stands for IPv4 alone; :: for both families, as sockets on Linux have it. */
    private final boolean ipv4;

    /** By the text of the IP address, which tells the scope of a link-local one. */
    private final Map<String, Listener> mine = new LinkedHashMap<>();

    private final Set<String> failing = new HashSet<>();

    /** 0 until the first address has chosen for all. */
    private int port;

    Wildcard(InetSocketAddress address) {
      this.ipv4 = address.getAddress() instanceof Inet4Address;
      this.port = address.getPort();
    }

    void follow(Collection<InetAddress> present, boolean starting) {
      Set<String> wanted = new HashSet<>();
      for (InetAddress ip : present) {
        if (ip instanceof Inet4Address || !ipv4) {
          wanted.add(ip.getHostAddress());
          tryOpen(ip, starting);
        }
      }
      failing.retainAll(wanted);
      closeAllBut(wanted);
    }

    private void tryOpen(InetAddress ip, boolean starting) {
      InetSocketAddress address = new InetSocketAddress(ip, port);
      // an address of its own is told by the text the machine has for it: a socket writes scopes
      // another way
      if (mine.containsKey(ip.getHostAddress())
          || open.containsKey(SocketAddresses.format(address))) {
        return;
      }
      try {
        Listener listener = opener.apply(address);
        add(listener);
        mine.put(ip.getHostAddress(), listener);
        port = listener.address().getPort();
        failing.remove(ip.getHostAddress());
        if (!starting) {
          listener.serve();
          log.info("listening on {}, which is new", SocketAddresses.format(listener.address()));
        }
      } catch (ListenException e) {
        // An IPv6 address cannot be bound until the network has confirmed that it is unique.
        if (starting && e.reason() != ListenException.Reason.NOT_AVAILABLE) {
          throw e;
        }
        if (failing.add(ip.getHostAddress())) {
          log.warn("{}; trying again", e.getMessage());
        }
      }
    }

    private void closeAllBut(Set<String> wanted) {
      mine.entrySet()
          .removeIf(
              entry -> {
                boolean gone = !wanted.contains(entry.getKey());
                if (gone) {
                  remove(entry.getValue());
                }
                return gone;
              });
    }

    private void remove(Listener listener) {
      String name = SocketAddresses.format(listener.address());
      open.remove(name);
      listener.close();
      log.info("no longer listening on {}, which is gone", name);
    }
  }
}
