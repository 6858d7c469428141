package dev.meridian.api;

import dev.meridian.answer.ServerState;
import dev.meridian.control.ReloadResult;
import dev.meridian.control.Server;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthOverride;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells those who listen that something has changed, as server-sent events (WHATWG HTML §9.2). Whoever
 * reads too slowly loses the connection and comes back with the id of the last event, which costs
 * the server nothing: what is sent is never kept for anybody.
 *
 * <p>Lives on the HTTP loop.
 */
final class EventHub {
  static final int MAX_SUBSCRIBERS = 128;
  private static final long LOOK_MILLIS = 250;
  private static final int LOOKS_PER_SIGN_OF_LIFE = 40;

  private final Server server;
  private final Set<Channel> subscribers = new LinkedHashSet<>();
  private @Nullable ScheduledFuture<?> looking;
  private Seen seen;
  private int looks;

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
          && load == other.load
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

  /** Adds a subscriber whose response header has been written. */
  void add(Channel channel) {
    subscribers.add(channel);
    channel.closeFuture().addListener(_ -> subscribers.remove(channel));
    send(channel, event("hello"));
    if (looking == null) {
      looking =
          channel
              .eventLoop()
              .scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    if (subscribers.isEmpty() && looking != null) {
      looking.cancel(false);
      looking = null;
      return;
    }
    Seen now = see();
    boolean same = now.isSame(seen);
    seen = now;
    if (!same) {
      broadcast(event("changed"));
      looks = 0;
    } else if (++looks >= LOOKS_PER_SIGN_OF_LIFE) {
      broadcast(": still here\n\n");
      looks = 0;
    }
  }

  private String event(String name) {
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
    for (Channel channel : List.copyOf(subscribers)) {
      send(channel, text);
    }
  }

  private static void send(Channel channel, String text) {
    if (!channel.isWritable()) {
      channel.close();
      return;
    }
    ByteBuf octets = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    channel.writeAndFlush(new DefaultHttpContent(octets));
  }
}
