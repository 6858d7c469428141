package dev.meridian.transport;

import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that answers what comes to the UDP sockets of one loop. It waits, takes a batch of
 * datagrams, answers each in place and sends the batch.
 *
 * <pre>
 * one socket        waits in recvmmsg: two system calls a batch
 * several sockets   waits in poll
 * </pre>
 *
 * <p>There is no epoll: as long as a socket is in an epoll set, the kernel tells that set of every
 * datagram that has left, which costs a twentieth of an answer.
 *
 * <p>Sockets are added and closed by any thread; what has been started, only the thread itself
 * closes, so that no descriptor is used after its number has gone to another file.
 */
final class UdpThread {
  /** The longest wait, after which the thread looks for sockets that have come or are to go. */
  static final int WAIT_MILLIS = 1000;

  /** Batches of one socket in a row: enough to spare waits, few enough to let others in. */
  private static final int MAX_BATCHES = 4;

  /** How long a closing socket still answers: a full receive buffer's worth, not a flood. */
  private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A rest after a failure that would otherwise come again at once and for ever. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ThreadState state;
  private final UdpAnswerer answerer;
  private final DatagramPoll poll = new DatagramPoll();
  private final LinuxCalls calls = new LinuxCalls();
  private final Thread thread;
  private final Queue<CompletableFuture<Void>> turnsAsked = new ConcurrentLinkedQueue<>();
  private volatile List<ForeignUdpSocket> sockets = List.of();
  private volatile boolean ending;

  /** Whether nothing is to be read, because another process reads from the same sockets. */
  private volatile boolean paused;

  /** Whether the thread is in no turn: it waits for datagrams, or is not there. */
  private volatile boolean idle = true;

  UdpThread(ThreadState state, int batchSize) {
    this.state = state;
    this.answerer = new UdpAnswerer(state, batchSize);
    this.thread = new Thread(this::run, "meridian-udp-" + state.index());
  }

  TransportStats stats() {
    return state.stats();
  }

  /** Serves a socket from now on; within {@link #WAIT_MILLIS} if others are served already. */
  synchronized void add(ForeignUdpSocket socket) {
    if (!sockets.contains(socket)) {
      List<ForeignUdpSocket> more = new ArrayList<>(sockets);
      more.add(socket);
      sockets = List.copyOf(more);
    }
  }

  /** Begins to serve what has been added; again, does nothing. */
  synchronized void start() {
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    }
  }

  /**
   * Reads nothing more, from the end of the wait on that it may be in, until {@link #resume()}.
   * Sockets that are closed meanwhile are not shut down: that would end them for the process that
   * shares them too.
   */
  void pause() {
    paused = true;
  }

  /** Reads again. */
  void resume() {
    paused = false;
    LockSupport.unpark(thread);
  }

  /** Answers what has arrived at a socket, then closes it. */
  synchronized Future<?> close(ForeignUdpSocket socket) {
    if (!thread.isAlive() || !sockets.contains(socket)) {
      remove(socket);
    } else if (paused) {
      socket.leave();
      LockSupport.unpark(thread);
    } else {
      socket.stopReceiving(calls);
    }
    return socket.closed();
  }

  /** The thread is to end with its last socket. */
  void endSoon() {
    ending = true;
  }

  /** Waits for the end, but not for ever. */
  void awaitEnd() {
    try {
      thread.join(2L * WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Completes when the thread has come round once more. */
  CompletableFuture<Void> turn() {
    CompletableFuture<Void> turned = new CompletableFuture<>();
    turnsAsked.add(turned);
    if (idle) {
      tellTurned();
    }
    return turned;
  }

  private void run() {
    while (!ending || !sockets.isEmpty()) {
      try {
        serve(sockets);
      } catch (Throwable failure) {
        state.stats().increment(TransportCounter.UDP_RECEIVE_ERRORS);
        state.report("serving UDP failed", failure);
        LockSupport.parkNanos(REST_NANOS);
      }
    }
    rest();
  }

  private void serve(List<ForeignUdpSocket> now) {
    if (paused) {
      pause(now);
    } else if (now.size() == 1) {
      serveOnly(now.getFirst());
    } else {
      serveAll(now);
    }
  }

  private void pause(List<ForeignUdpSocket> now) {
    rest();
    List<ForeignUdpSocket> closing = now.stream().filter(ForeignUdpSocket::isClosing).toList();
    closing.forEach(this::remove);
    if (closing.isEmpty()) {
      LockSupport.park(this);
    }
  }

  private void serveOnly(ForeignUdpSocket socket) {
    rest();
    int received = answerer.await(socket.descriptor());
    idle = false;
    if (socket.isClosing()) {
      if (!answerer.isEnd(received)) {
        answerer.answer(socket, received);
      }
      drain(socket);
    } else if (answerer.answer(socket, received) < 0) {
      LockSupport.parkNanos(REST_NANOS);
    }
  }

  private void serveAll(List<ForeignUdpSocket> now) {
    rest();
    poll.await(now, WAIT_MILLIS);
    idle = false;
    for (int i = 0; i < now.size(); i++) {
      ForeignUdpSocket socket = now.get(i);
      if (socket.isClosing()) {
        drain(socket);
      } else if (poll.isReady(i)) {
        serveReady(socket);
      }
    }
  }

  private void serveReady(ForeignUdpSocket socket) {
    int batches = 1;
    while (answerer.serve(socket) && batches < MAX_BATCHES) {
      batches++;
    }
  }

  private void drain(ForeignUdpSocket socket) {
    long end = System.nanoTime() + DRAIN_NANOS;
    while (answerer.serve(socket) && System.nanoTime() - end < 0) {
      // The next batch is answered as well.
    }
    remove(socket);
  }

  private synchronized void remove(ForeignUdpSocket socket) {
    sockets = sockets.stream().filter(other -> other != socket).toList();
    socket.close();
  }

  /** A turn has ended. */
  private void rest() {
    idle = true;
    tellTurned();
  }

  private void tellTurned() {
    for (CompletableFuture<Void> each = turnsAsked.poll(); each != null; each = turnsAsked.poll()) {
      each.complete(null);
    }
  }
}
