package dev.meridian.api;

import dev.meridian.answer.ServerState;
import dev.meridian.control.Server;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthOverride;
import dev.meridian.publish.ReloadResult;
import dev.meridian.state.JournalEntry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells those who listen what happens, as server-sent events: the entries of the journal, with
 * their numbers as ids, and hints without an id that something else is new. Whoever reads too
 * slowly loses the connection and comes back with the id of the last event; nothing is kept for
 * anybody.
 *
 * <p>Lives on the HTTP loop.
 */
final class EventHub {
  static final int MAX_SUBSCRIBERS = 128;
  private static final long LOOK_MILLIS = 100;
  private static final int LOOKS_PER_SIGN_OF_LIFE = 100;

  /** Whoever has missed more, or should hear more at once, is quicker with the whole. */
  private static final int MAX_MISSED = 500;

  private final Server server;
  private final Set<Channel> subscribers = new LinkedHashSet<>();
  private @Nullable ScheduledFuture<?> looking;
  private Seen seen;
  private int looks;

  /** The number of the last journal entry that was sent. */
  private long told;

  EventHub(Server server) {
    this.server = server;
    this.seen = see();
  }

  /** What a change of shows up in; compared by identity of its parts. */
  private record Seen(
      ServerState state,
      @Nullable ReloadResult load,
      List<HealthOverride> overrides,
      int checks,
      boolean draining) {
    boolean isSame(Seen other) {
      return state == other.state
          && Objects.equals(load, other.load)
          && checks == other.checks
          && draining == other.draining
          && overrides.equals(other.overrides);
    }
  }

  private Seen see() {
    HealthBoard board = server.board();
    return new Seen(
        server.state(),
        server.status().last(),
        board.overrides(),
        board.statuses().size(),
        server.status().draining());
  }

  /** Whether there is room for another. */
  boolean hasRoom() {
    return subscribers.size() < MAX_SUBSCRIBERS;
  }

  /**
   * Adds a subscriber whose response header has been written.
   *
   * @param after the id of the last event it has seen; negative: it wants only what is new
   */
  void add(Channel channel, long after) {
    if (subscribers.isEmpty()) {
      told = server.journal().last(); // nobody has listened until now
      seen = see();
    }
    subscribers.add(channel);
    channel.closeFuture().addListener(_ -> subscribers.remove(channel));
    send(channel, hint("hello"));
    if (after >= 0) {
      catchUp(channel, after);
    }
    if (looking == null) {
      looking =
          channel
              .eventLoop()
              .scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** What a subscriber has missed, as far as memory goes back; else it is told to ask for all. */
  private void catchUp(Channel channel, long after) {
    List<JournalEntry> missed = server.journal().recent(after, MAX_MISSED + 1);
    if (missed.size() > MAX_MISSED || after > server.journal().last()) {
      send(channel, hint("reset"));
      return;
    }
    StringBuilder events = new StringBuilder();
    missed.stream().filter(entry -> entry.sequence() <= told).forEach(e -> append(events, e));
    if (!events.isEmpty()) {
      send(channel, events.toString());
    }
  }

  private static void append(StringBuilder events, JournalEntry entry) {
    String data = new String(Json.bytes(JournalJson.entry(entry)), StandardCharsets.UTF_8);
    events
        .append("id: ")
        .append(entry.sequence())
        .append("\nevent: ")
        .append(entry.kind().word())
        .append("\ndata: ")
        .append(data)
        .append("\n\n");
  }

  private void look() {
    if (subscribers.isEmpty() && looking != null) {
      looking.cancel(false);
      looking = null;
      return;
    }
    StringBuilder events = new StringBuilder();
    Seen now = see();
    boolean changed = !now.isSame(seen);
    seen = now;
    List<JournalEntry> entries = server.journal().recent(told, MAX_MISSED + 1);
    if (entries.size() > MAX_MISSED) {
      told = server.journal().last();
      events.append(hint("reset"));
    } else {
      for (JournalEntry entry : entries) {
        append(events, entry);
        told = entry.sequence();
      }
      if (changed) {
        events.append(hint("changed"));
      }
    }
    if (!events.isEmpty()) {
      broadcast(events.toString());
      looks = 0;
    } else if (++looks >= LOOKS_PER_SIGN_OF_LIFE) {
      broadcast(": still here\n\n");
      looks = 0;
    }
  }

  /** Says only that there is something new; it is not in the journal and has no id. */
  private String hint(String name) {
    long generation = seen.state.generation();
    long epoch = seen.state.eligibility().epoch();
    return "event: "
        + name
        + "\ndata: {\"generation\":"
        + generation
        + ",\"epoch\":"
        + epoch
        + "}\n\n";
  }

  private void broadcast(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    for (Channel channel : List.copyOf(subscribers)) {
      send(channel, octets);
    }
  }

  private static void send(Channel channel, String text) {
    send(channel, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(Channel channel, byte[] text) {
    if (!channel.isWritable()) {
      channel.close();
      return;
    }
    ByteBuf octets = Unpooled.wrappedBuffer(text);
    channel.writeAndFlush(new DefaultHttpContent(octets));
  }
}
