package dev.meridian.transport;

import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A UDP socket that a {@link UdpThread} serves. */
final class ForeignUdpSocket implements BoundSocket {
  private final Socket socket;
  private final UdpThread thread;
  private final InetSocketAddress address;
  private final SourceGuard sources;
  private final Promise<Void> closed = ImmediateEventExecutor.INSTANCE.newPromise();
  private volatile boolean closing;

  ForeignUdpSocket(Socket socket, UdpThread thread) {
    this.socket = socket;
    this.thread = thread;
    this.address = socket.localAddress();
    this.sources = new SourceGuard(address);
  }

  /** Who is not answered. */
  SourceGuard sources() {
    return sources;
  }

  @Override
  public int descriptor() {
    return socket.intValue();
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public int receiveBufferOctets() {
    try {
      return SocketOptions.given(socket.getReceiveBufferSize());
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public long kernelDrops() {
    try {
      ByteBuffer meminfo = SocketOptions.meminfo();
      socket.getRawOpt(SocketOptions.SOL_SOCKET, SocketOptions.SO_MEMINFO, meminfo);
      return SocketOptions.drops(meminfo);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void share() {
    try {
      socket.setReusePort(true);
    } catch (IOException e) {
      throw new ListenException(address, "UDP", e);
    }
  }

  @Override
  public void serve() {
    thread.add(this);
    thread.resume();
  }

  @Override
  public void pause() {
    thread.pause();
  }

  @Override
  public Future<?> drainAndClose() {
    return thread.close(this);
  }

  /** Is to be closed without a word to those who share it. */
  void leave() {
    closing = true;
  }

  /** Wakes whoever waits for a datagram; what has arrived can still be read. */
  void stopReceiving(LinuxCalls calls) {
    closing = true;
    calls.stopReceiving(descriptor());
  }

  boolean isClosing() {
    return closing;
  }

  /** Done when the socket is closed. */
  Future<?> closed() {
    return closed;
  }

  /** Closes at once. To be called when nobody reads. */
  void close() {
    try {
      socket.close();
      closed.trySuccess(null);
    } catch (IOException e) {
      closed.tryFailure(e);
    }
  }
}
