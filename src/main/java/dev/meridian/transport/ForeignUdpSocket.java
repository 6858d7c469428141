package dev.meridian.transport;

import dev.meridian.answer.QueryContext;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket whose readiness Netty's epoll loop watches and whose datagrams are moved by {@code
 * recvmmsg} and {@code sendmmsg}: read a batch, answer each in place, write the batch.
 *
 * <p>Readiness is level-triggered, so whatever a turn leaves unread is announced again.
 */
final class ForeignUdpSocket implements EpollIoHandle, BoundSocket {
  /** Batches per turn: enough to spare wake-ups under load, few enough to let other sockets in. */
  private static final int MAX_BATCHES_PER_TURN = 4;

  /** How long a closing socket still answers: a full receive buffer's worth, not a flood. */
  private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Socket socket;
  private final LoopState loop;
  private final DatagramBatch batch;
  private final QueryContext context;
  private final TransportStats stats;
  private final InetSocketAddress address;
  private @Nullable IoRegistration registration;

  ForeignUdpSocket(Socket socket, LoopState loop, DatagramBatch batch) {
    this.socket = socket;
    this.loop = loop;
    this.batch = batch;
    this.context = loop.context();
    this.stats = loop.stats();
    this.address = socket.localAddress();
  }

  /** Makes the socket one of the loop's; waits until it is. */
  void register() {
    IoRegistration registered = loop.eventLoop().register(this).syncUninterruptibly().getNow();
    loop.eventLoop().submit(() -> registration = registered).syncUninterruptibly();
  }

  @Override
  public void serve() {
    loop.eventLoop().execute(this::watch);
  }

  private void watch() {
    if (registration != null && registration.isValid()) {
      registration.submit(EpollIoOps.EPOLLIN);
    }
  }

  @Override
  public FileDescriptor fd() {
    return socket;
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
  public void handle(IoRegistration registration, IoEvent event) {
    serve(MAX_BATCHES_PER_TURN);
  }

  @Override
  public Future<?> drainAndClose() {
    return loop.eventLoop()
        .submit(
            () -> {
              drain();
              close();
            });
  }

  private void drain() {
    long end = System.nanoTime() + DRAIN_NANOS;
    while (serve(MAX_BATCHES_PER_TURN) && System.nanoTime() - end < 0) {
      // The next turn answers what has arrived meanwhile.
    }
  }

  /** Closes on the loop, which calls this itself for what is still registered when it ends. */
  @Override
  public void close() {
    if (registration != null) {
      registration.cancel();
    }
    try {
      socket.close();
    } catch (IOException e) {
      loop.report("closing a UDP socket failed", e);
    }
  }

  /**
   * Whether there may be more to read. No failure may leave this method: the loop that calls it
   * serves other sockets too.
   */
  private boolean serve(int maxBatches) {
    try {
      int batches = 0;
      while (batches < maxBatches && serveBatch()) {
        batches++;
      }
      return batches == maxBatches;
    } catch (Throwable failure) {
      stats.increment(TransportCounter.UDP_RECEIVE_ERRORS);
      loop.report("serving a UDP socket failed", failure);
      return false;
    }
  }

  /** Whether there was anything to read. */
  private boolean serveBatch() {
    int fd = socket.intValue();
    int received = batch.receive(fd);
    if (received <= 0) {
      return received < 0 && readAgainAfter(-received);
    }
    stats.add(TransportCounter.UDP_RECEIVED, received);
    context.tellTime(System.nanoTime());
    int replies = 0;
    for (int slot = 0; slot < received; slot++) {
      if (answer(slot, replies)) {
        replies++;
      }
    }
    if (replies > 0) {
      send(fd, replies);
    }
    batch.reset(received);
    return true;
  }

  private boolean readAgainAfter(int errno) {
    if (errno != LinuxCalls.EAGAIN && errno != LinuxCalls.EINTR) {
      stats.increment(TransportCounter.UDP_RECEIVE_ERRORS);
    }
    return errno == LinuxCalls.EINTR;
  }

  /** Answers the datagram of a slot; whether there is a reply to send. */
  private boolean answer(int slot, int reply) {
    if (batch.truncated(slot)) {
      stats.increment(TransportCounter.UDP_TOO_LONG);
      return false;
    }
    if (batch.fromPortZero(slot)) {
      stats.increment(TransportCounter.UDP_SOURCE_PORT_ZERO);
      return false;
    }
    int length = batch.length(slot);
    batch.read(slot, context.request(), length, context.source());
    int octets = loop.answer(length, false);
    if (octets == 0) {
      stats.increment(TransportCounter.UDP_UNANSWERED);
      return false;
    }
    if (octets > TransportSettings.MAX_DATAGRAM_OCTETS) {
      stats.increment(TransportCounter.UDP_TOO_LONG);
      return false;
    }
    batch.reply(reply, slot, context.response(), octets);
    return true;
  }

  /** Sends all replies; one that the kernel refuses is dropped and the rest goes on. */
  private void send(int fd, int replies) {
    int next = 0;
    while (next < replies) {
      int sent = batch.send(fd, next, replies - next);
      if (sent > 0) {
        stats.add(TransportCounter.UDP_SENT, sent);
        next += sent;
      } else {
        next += dropAfter(-sent, replies - next);
      }
    }
  }

  /** How many of the waiting replies an error costs. */
  private int dropAfter(int errno, int waiting) {
    if (errno == LinuxCalls.EINTR) {
      return 0;
    }
    if (errno == LinuxCalls.EAGAIN || errno == LinuxCalls.ENOBUFS) {
      // The next one would meet the same full buffer, and waiting would stall the loop.
      stats.add(TransportCounter.UDP_SEND_BUFFER_FULL, waiting);
      return waiting;
    }
    stats.increment(TransportCounter.UDP_SEND_REFUSED);
    return 1;
  }
}
