package dev.meridian.vote;

import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Votes;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Votes by UDP among vantage points that share a key. A datagram counts only if it is authentic,
 * and new by {@link VoteOrder}: so the first of a peer only makes its epoch known, and the second
 * counts.
 *
 * <p>{@link #send} is for one thread; receiving has a thread of its own.
 */
public final class UdpVotes implements VoteTransport {
  private static final Logger LOG = LoggerFactory.getLogger(UdpVotes.class);
  private static final int BUFFER = 1 << 20;

  /** As long as a vote counts. */
  private static final long HEARD_NANOS = 3_500_000_000L;

  private final DatagramSocket socket;
  private final List<InetSocketAddress> peers;
  private final String vantage;
  private final long epoch;
  private final VoteWire writer;
  private final VoteWire reader;
  private final VoteOrder order;

  /** The epochs of others, by their address, as they were heard last. */
  private final Map<InetSocketAddress, Long> epochs = new ConcurrentHashMap<>();

  /** When each other vantage point was last heard, on the monotonic clock. */
  private final Map<String, Long> heard = new ConcurrentHashMap<>();

  private final LongAdder sent = new LongAdder();
  private final LongAdder counted = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder foreign = new LongAdder();
  private long sequence;
  private boolean failing;

  /**
   * Opens the socket.
   *
   * @param peers all others
   * @param vantage this one's name
   * @throws IOException if the address cannot be opened
   */
  public UdpVotes(
      InetSocketAddress listen, List<InetSocketAddress> peers, String vantage, byte[] key)
      throws IOException {
    this.socket = new DatagramSocket(listen);
    this.peers = List.copyOf(peers);
    this.vantage = vantage;
    this.epoch = new SecureRandom().nextLong() | 1; // not 0
    this.writer = new VoteWire(key);
    this.reader = new VoteWire(key);
    this.order = new VoteOrder(epoch);
    socket.setReceiveBufferSize(BUFFER); // a round of ten thousand checks comes at once
  }

  /** This one's name. */
  public String vantage() {
    return vantage;
  }

  @Override
  public void begin(Receiver receiver) {
    var _ = Thread.ofPlatform().name("meridian-votes").daemon().start(() -> receive(receiver));
  }

  private void receive(Receiver receiver) {
    DatagramPacket packet =
        new DatagramPacket(new byte[2 * VoteWire.MAX_OCTETS], 2 * VoteWire.MAX_OCTETS);
    while (!socket.isClosed()) {
      try {
        socket.receive(packet);
        reader
            .read(packet.getData(), packet.getLength())
            .ifPresentOrElse(message -> take(message, packet, receiver), foreign::increment);
      } catch (IOException | RuntimeException e) {
        if (!socket.isClosed()) {
          LOG.debug("A datagram with votes was lost", e);
        }
      }
    }
  }

  private void take(VoteWire.Message message, DatagramPacket packet, Receiver receiver) {
    if (message.votes().vantage().equals(vantage)) {
      return; // its own, or somebody took its name
    }
    epochs.put((InetSocketAddress) packet.getSocketAddress(), message.epoch());
    if (order.counts(message)) {
      counted.increment();
      heard.put(message.votes().vantage(), System.nanoTime());
      receiver.heard(message.votes());
    } else {
      stale.increment();
    }
  }

  @Override
  public void send(Votes votes) {
    Map<Long, Outcome> part = new HashMap<>();
    for (Map.Entry<Long, Outcome> vote : votes.byKey().entrySet()) {
      part.put(vote.getKey(), vote.getValue());
      if (part.size() == VoteWire.MAX_COUNT) {
        sendPart(part);
        part.clear();
      }
    }
    sendPart(part); // even if it is empty: it makes the epoch known
  }

  private void sendPart(Map<Long, Outcome> part) {
    for (InetSocketAddress peer : peers) {
      long echo = epochs.getOrDefault(peer, 0L);
      Votes votes = new Votes(vantage, part);
      byte[] octets = writer.write(new VoteWire.Message(epoch, echo, ++sequence, votes));
      try {
        socket.send(new DatagramPacket(octets, octets.length, peer));
        sent.increment();
        failing = false;
      } catch (IOException e) {
        if (!failing && !socket.isClosed()) {
          LOG.warn("Votes cannot be sent to {}: {}", peer, Reasons.of(e));
        }
        failing = true;
      }
    }
  }

  @Override
  public VoteFigures figures() {
    long now = System.nanoTime();
    long audible = heard.values().stream().filter(at -> now - at <= HEARD_NANOS).count();
    return new VoteFigures(
        peers.size(), (int) audible, sent.sum(), counted.sum(), stale.sum(), foreign.sum());
  }

  @Override
  public void close() {
    socket.close();
  }
}
