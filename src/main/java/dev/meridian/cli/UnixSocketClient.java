package dev.meridian.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** One HTTP request over a Unix socket, which the JDK's client does not do. */
final class UnixSocketClient {
  private UnixSocketClient() {}

  static ServerClient.Answer ask(Path socket, String method, String pathAndQuery)
      throws IOException {
    String request =
        method
            + " "
            + pathAndQuery
            + " HTTP/1.1\r\nHost: localhost\r\nX-Meridian-Request: 1\r\nContent-Length: 0\r\n"
            + "Connection: close\r\n\r\n";
    if (!Files.exists(socket)) {
      throw new ConnectException("nothing is there");
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer octets = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
      while (octets.hasRemaining()) {
        channel.write(octets);
      }
      return answer(
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Our own server sends one whole response and closes. */
  private static ServerClient.Answer answer(String response) throws IOException {
    int end = response.indexOf("\r\n\r\n");
    if (end < 0 || !response.matches("(?s)HTTP/1\\.1 \\d{3}.*")) {
      throw new IOException("no HTTP response");
    }
    return new ServerClient.Answer(
        Integer.parseInt(response.substring(9, 12)), response.substring(end + 4));
  }
}
