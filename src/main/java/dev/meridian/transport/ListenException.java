package dev.meridian.transport;

import dev.meridian.net.SocketAddresses;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An address could not be listened on. The message names the address, the cause and the cure. */
public final class ListenException extends RuntimeException {
  /** Why the kernel said no. */
  public enum Reason {
    /** EADDRINUSE: another socket has the port. */
    IN_USE("it is in use; stop the other server or choose another port"),
    /** EACCES or EPERM: the process may not have the port. */
    NOT_PERMITTED(
        "permission denied; a port below 1024 needs CAP_NET_BIND_SERVICE"
            + " (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE)"),
    /** EADDRNOTAVAIL: no interface has the address, or not yet. */
    NOT_AVAILABLE("no interface of this machine has this address"),
    /** Anything else; see the cause. */
    OTHER("");

    private final String advice;

    Reason(String advice) {
      this.advice = advice;
    }
  }

  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int EADDRINUSE = 98;
  private static final int EADDRNOTAVAIL = 99;

  private final InetSocketAddress address;
  private final Reason reason;

  ListenException(InetSocketAddress address, String message) {
    super("cannot listen on " + SocketAddresses.format(address) + ": " + message);
    this.address = address;
    this.reason = Reason.OTHER;
  }

  /** With advice by the cause. */
  public ListenException(InetSocketAddress address, String protocol, Throwable cause) {
    this(address, protocol, reasonOf(cause), cause);
  }

  private ListenException(
      InetSocketAddress address, String protocol, Reason reason, Throwable cause) {
    super(
        "cannot listen on "
            + SocketAddresses.format(address)
            + " ("
            + protocol
            + "): "
            + (reason == Reason.OTHER ? String.valueOf(cause.getMessage()) : reason.advice),
        cause);
    this.address = address;
    this.reason = reason;
  }

  /** The address that was asked for. */
  public InetSocketAddress address() {
    return address;
  }

  /** Why it was not given. */
  public Reason reason() {
    return reason;
  }

  /** Netty's epoll sockets tell the number of the error, those of the JDK only its text. */
  private static Reason reasonOf(Throwable cause) {
    if (cause instanceof Errors.NativeIoException failed) {
      return reasonOf(-failed.expectedErr());
    }
    return cause instanceof IOException ? reasonOf(cause.getMessage()) : Reason.OTHER;
  }

  private static Reason reasonOf(int errno) {
    return switch (errno) {
      case EADDRINUSE -> Reason.IN_USE;
      case EPERM, EACCES -> Reason.NOT_PERMITTED;
      case EADDRNOTAVAIL -> Reason.NOT_AVAILABLE;
      default -> Reason.OTHER;
    };
  }

  private static Reason reasonOf(@Nullable String message) {
    String text = String.valueOf(message).toLowerCase(Locale.ROOT);
    if (text.contains("in use")) {
      return Reason.IN_USE;
    }
    if (text.contains("permi")) {
      return Reason.NOT_PERMITTED;
    }
    return text.contains("assign requested") ? Reason.NOT_AVAILABLE : Reason.OTHER;
  }
}
