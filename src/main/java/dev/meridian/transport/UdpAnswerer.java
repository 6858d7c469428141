package dev.meridian.transport;

import dev.meridian.answer.QueryContext;

/**
 * Reads a batch of datagrams, answers each where it lies, and sends the batch. Used by one thread.
 */
final class UdpAnswerer {
  private final ThreadState state;
  private final DatagramBatch batch;
  private final QueryContext context;
  private final TransportStats stats;
  private final int batchSize;

  UdpAnswerer(ThreadState state, int batchSize) {
    this.state = state;
    this.batch = new DatagramBatch(batchSize);
    this.context = state.context();
    this.stats = state.stats();
    this.batchSize = batchSize;
  }

  /**
   * Waits for datagrams, {@link UdpThread#WAIT_MILLIS} at most.
   *
   * @return how many have been read, or a negative error number; for {@link #answer}
   */
  int await(int fd) {
    return batch.await(fd);
  }

  /** Whether what was read is only the sign that nothing will be received any more. */
  boolean isEnd(int received) {
    return received == 1 && batch.length(0) == 0;
  }

  /** Answers what has arrived, one batch at most; whether there may be more. */
  boolean serve(ForeignUdpSocket socket) {
    int received = batch.receive(socket.descriptor());
    return answer(socket, received) == batchSize || received == -LinuxCalls.EINTR;
  }

  /**
   * Answers what was read.
   *
   * @param received datagrams, or a negative error number
   * @return how many there were; negative: reading failed, and not for want of datagrams
   */
  int answer(ForeignUdpSocket socket, int received) {
    if (received <= 0) {
      return failure(-received);
    }
    stats.add(TransportCounter.UDP_RECEIVED, received);
    context.tellTime(System.nanoTime());
    int replies = 0;
    for (int slot = 0; slot < received; slot++) {
      if (answerSlot(socket.sources(), slot, replies)) {
        replies++;
      }
    }
    if (replies > 0) {
      send(socket.descriptor(), replies);
    }
    batch.reset(received);
    return received;
  }

  private int failure(int errno) {
    if (errno == 0 || errno == LinuxCalls.EAGAIN || errno == LinuxCalls.EINTR) {
      return 0;
    }
    stats.increment(TransportCounter.UDP_RECEIVE_ERRORS);
    return -errno;
  }

  /** Answers the datagram of a slot; whether there is a reply to send. */
  private boolean answerSlot(SourceGuard sources, int slot, int reply) {
    if (batch.truncated(slot)) {
      stats.increment(TransportCounter.UDP_TOO_LONG);
      return false;
    }
    int length = batch.length(slot);
    batch.read(slot, context.request(), length, context.source());
    if (sources.refuses(context.source(), batch.sourcePort(slot))) {
      stats.increment(TransportCounter.UDP_SOURCE_REFUSED);
      return false;
    }
    int octets = state.answer(length, false);
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
      // The next one would meet the same full buffer, and waiting would stall the others.
      stats.add(TransportCounter.UDP_SEND_BUFFER_FULL, waiting);
      return waiting;
    }
    stats.increment(TransportCounter.UDP_SEND_REFUSED);
    return 1;
  }
}
