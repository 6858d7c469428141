package dev.meridian.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** HTTP by hand, for requests that no well-behaved client sends. */
final class RawHttp {
  private RawHttp() {}

  /** Sends the lines, CRLF behind each, and returns everything until the server closes. */
  static String exchange(InetSocketAddress server, String... lines) throws IOException {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setSoTimeout(5000);
      String request = String.join("\r\n", lines) + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A GET of {@code /thing} with this Host header, closing afterwards; the status line. */
  static String statusFor(InetSocketAddress server, String host) throws IOException {
    return status(
        exchange(server, "GET /thing HTTP/1.1", "Host: " + host, "Connection: close", ""));
  }

  static String status(String response) {
    return response.isEmpty() ? "" : response.substring(9, 12);
  }
}
