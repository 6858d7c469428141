package dev.meridian.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

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
  public void share() {
    channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
  }

  @Override
  public Future<?> drainAndClose() {
    return channel.close();
  }
}
