package dev.meridian.api;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A Unix socket that nobody but its owner can connect to, from the first moment on. */
final class PrivateSocket {
  private PrivateSocket() {}

  /**
   * Binds a socket. It is made in a folder that only its owner may enter, given its mode, and then
   * moved to its place, so that there is no moment at which it is open to others. One that a dead
   * process left behind makes room.
   *
   * @throws IOException if it cannot be bound, or something else is at the path
   */
  static Channel bind(ServerBootstrap bootstrap, Path path) throws IOException {
    Path place = path.toAbsolutePath();
    makeRoom(place);
    Files.createDirectories(place.getParent());
    Path folder = Files.createTempDirectory(place.getParent(), ".http");
    Path made = folder.resolve("s");
    try {
      Channel channel =
          HttpServer.bound(
              bootstrap
                  .channel(NioServerDomainSocketChannel.class)
                  .bind(UnixDomainSocketAddress.of(made)));
      try {
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
        Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        channel.close().awaitUninterruptibly();
        throw e;
      }
      channel.closeFuture().addListener(_ -> Files.deleteIfExists(place));
      return channel;
    } finally {
      Files.deleteIfExists(made);
      Files.deleteIfExists(folder);
    }
  }

  private static void makeRoom(Path place) throws IOException {
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean socket =
        Files.readAttributes(place, java.nio.file.attribute.BasicFileAttributes.class).isOther();
    if (!socket) {
      throw new IOException(place + " is there and is no socket");
    }
    try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.connect(UnixDomainSocketAddress.of(place));
      throw new IOException(place + " is in use by another process");
    } catch (java.net.ConnectException e) {
      Files.delete(place); // nobody is there any more
    }
  }
}
