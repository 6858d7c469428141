package dev.meridian.transport;

import java.net.InetSocketAddress;

/** Opens sockets of one protocol. */
interface SocketOpener {
  /** The protocol as a person would write it. */
  String protocol();

  /**
   * Binds a socket that {@code loop} will serve: the kernel keeps what arrives until {@link
   * BoundSocket#serve()}.
   *
   * <p>The first socket of an address is opened alone, so that a port which anybody has, another
   * instance of this server included, is an error; {@link BoundSocket#share()} then lets siblings
   * in.
   *
   * @param sibling whether this process has a shared socket on the address already
   * @throws ListenException if the kernel refuses
   */
  BoundSocket open(LoopState loop, InetSocketAddress address, boolean sibling);

  /**
   * Opens as this one does, and addresses that the machine does not have yet as well, where the
   * system lets it: what is sent there is answered once the machine has them.
   */
  default SocketOpener early() {
    return this;
  }

  /** What its sockets are called on their way to another process. */
  PassedSocket.Kind kind();

  /** Takes a socket over that another process has bound; {@code loop} will serve it. */
  BoundSocket adopt(LoopState loop, PassedSocket passed);
}
