package dev.meridian.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A bound channel of Netty. */
record NettySocket(Channel channel) implements BoundSocket {
  /** Waits for {@code binding} to end, well or not. */
  static NettySocket bound(ChannelFuture binding, InetSocketAddress address, String protocol) {
    binding.awaitUninterruptibly();
    Throwable cause = binding.cause();
    if (cause != null) {
      throw new ListenException(address, protocol, cause);
    }
    return new NettySocket(binding.channel());
  }

  @Override
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public int receiveBufferOctets() {
    int reported =
        Objects.requireNonNullElse(channel.config().getOption(ChannelOption.SO_RCVBUF), 0);
    return channel instanceof UnixChannel ? SocketOptions.given(reported) : reported;
  }

  @Override
  public long kernelDrops() {
    ByteBuffer meminfo = null;
    if (channel instanceof UnixChannel) {
      meminfo = channel.config().getOption(SocketOptions.MEMINFO);
    }
    return meminfo == null ? 0 : SocketOptions.drops(meminfo);
  }

  @Override
  public void share() {
    channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
  }

  @Override
  public int descriptor() {
    return channel instanceof UnixChannel unix ? unix.fd().intValue() : -1;
  }

  @Override
  public void serve() {
    if (!channel.isRegistered()) {
      channel.eventLoop().register(channel).awaitUninterruptibly();
    }
    channel.config().setAutoRead(true);
  }

  /** Auto-read off would not do: what Netty has once waited for it still takes when it comes. */
  @Override
  public void pause() {
    channel.config().setAutoRead(false);
    channel.deregister().awaitUninterruptibly();
  }

  /**
   * The JDK gives an address back in the turn of its selector after the one that closed a channel;
   * until then nobody can bind it.
   */
  @Override
  public Future<?> drainAndClose() {
    Promise<Void> free = ImmediateEventExecutor.INSTANCE.newPromise();
    channel.close().addListener(_ -> afterNextTurn(free));
    return free;
  }

  private void afterNextTurn(Promise<Void> free) {
    try {
      channel
          .eventLoop()
          .schedule(() -> {}, 1, TimeUnit.MILLISECONDS)
          .addListener(_ -> free.trySuccess(null));
    } catch (RejectedExecutionException e) {
      free.trySuccess(null); // the loop has ended, and its selector with it
    }
  }
}
