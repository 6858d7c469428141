package dev.meridian.probe;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A socket without TLS, in the event loop but without a pipeline: most probes are one write and one
 * read, for which channel, pipeline, handlers and their promises were half of the cost.
 *
 * <p>NIO tells ENETUNREACH (our fault) and EHOSTUNREACH (the target's) apart, Netty's epoll does
 * not.
 */
final class PlainLine implements Line, NioIoHandle {
  private final Probe probe;
  private final Dialogue dialogue;
  private final SelectableChannel channel;
  private final ReadBuffer in;
  private @Nullable IoRegistration registration;
  private @Nullable ByteBuffer unsent;

  private PlainLine(Probe probe, Dialogue dialogue, SelectableChannel channel, ReadBuffer in) {
    this.probe = probe;
    this.dialogue = dialogue;
    this.channel = channel;
    this.in = in;
  }

  /**
   * Begins to connect over TCP.
   *
   * @throws IOException whose meaning {@link Failures#ofBeginning} and, if the socket is there,
   *     {@link Failures#ofConnect} know
   */
  static PlainLine tcp(Probe probe, Dialogue dialogue, InetSocketAddress target)
      throws IOException {
    SocketChannel channel = SocketChannel.open(family(target));
    PlainLine line = registered(probe, dialogue, channel);
    try {
      bind(probe, channel, target);
      if (channel.connect(target)) {
        line.connected();
      } else {
        line.await(NioIoOps.CONNECT);
      }
    } catch (IOException e) {
      line.close();
      probe.conclude(Failures.ofConnect(e));
    }
    return line;
  }

  /** Takes a UDP socket that hears from the target only. */
  static PlainLine udp(Probe probe, Dialogue dialogue, InetSocketAddress target)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open(family(target));
    PlainLine line = registered(probe, dialogue, channel);
    try {
      bind(probe, channel, target);
      channel.connect(target);
      line.connected();
    } catch (IOException e) {
      line.close();
      probe.conclude(Failures.ofConnect(e));
    }
    return line;
  }

  private static void bind(Probe probe, NetworkChannel channel, InetSocketAddress target)
      throws IOException {
    InetSocketAddress source = probe.environment().sources().toward(target.getAddress());
    if (source != null) {
      channel.bind(source);
    }
  }

  private static ProtocolFamily family(InetSocketAddress target) {
    return target.getAddress() instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private static PlainLine registered(Probe probe, Dialogue dialogue, SelectableChannel channel)
      throws IOException {
    ProbeEnvironment environment = probe.environment();
    PlainLine line = new PlainLine(probe, dialogue, channel, environment.in());
    try {
      channel.configureBlocking(false);
      // On the loop's own thread this is done at once; it only throws what went wrong.
      line.registration = environment.loop().register(line).syncUninterruptibly().getNow();
      return line;
    } catch (IOException | RuntimeException e) {
      line.close();
      throw e;
    }
  }

  private void connected() {
    await(NioIoOps.READ);
    probe.connected();
    if (!probe.isOver()) {
      dialogue.begin(this);
    }
  }

  private void await(NioIoOps what) {
    if (registration != null && registration.isValid()) {
      registration.submit(what);
    }
  }

  @Override
  public SelectableChannel selectableChannel() {
    return channel;
  }

  @Override
  public void handle(IoRegistration from, IoEvent event) {
    NioIoOps ready = ((NioIoEvent) event).ops();
    try {
      if (ready.contains(NioIoOps.CONNECT)) {
        finish();
      } else if (ready.contains(NioIoOps.WRITE)) {
        flush();
      } else if (ready.contains(NioIoOps.READ)) {
        read();
      }
    } catch (IOException | RuntimeException e) {
      probe.conclude(dialogue.broken(e));
    }
  }

  private void finish() {
    try {
      if (!((SocketChannel) channel).finishConnect()) {
        return;
      }
    } catch (IOException e) {
      probe.conclude(Failures.ofConnect(e));
      return;
    }
    connected();
  }

  private void read() throws IOException {
    ByteBuf piece = in.read((ByteChannel) channel);
    if (piece == null) {
      dialogue.ended();
    } else if (probe.reads()) {
      probe.answered();
      dialogue.hear(piece);
    }
  }

  @Override
  public void send(byte[] octets) {
    ByteBuffer before = unsent;
    unsent = before == null ? ByteBuffer.wrap(octets) : joined(before, octets);
    try {
      flush();
    } catch (IOException e) {
      probe.conclude(dialogue.broken(e));
    }
  }

  private static ByteBuffer joined(ByteBuffer before, byte[] octets) {
    return ByteBuffer.allocate(before.remaining() + octets.length).put(before).put(octets).flip();
  }

  private void flush() throws IOException {
    ByteBuffer rest = unsent;
    if (rest != null) {
      ((ByteChannel) channel).write(rest);
      if (!rest.hasRemaining()) {
        unsent = null;
      }
    }
    await(unsent == null ? NioIoOps.READ : NioIoOps.READ_AND_WRITE);
  }

  @Override
  public void close() {
    if (registration != null && registration.isValid()) {
      registration.cancel();
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is gone either way, and the probe has its result.
    }
  }
}
