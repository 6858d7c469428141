package dev.meridian.testkit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for tests that need the same number on several addresses, or again after closing it. They
 * lie below what Linux hands out by itself (32768 and up), so that no connection made meanwhile can
 * have been given one.
 */
public final class FreePort {
  private static final int LOWEST = 20_000;
  private static final int END = 32_000;

  private FreePort() {}

  /** A port that neither UDP nor TCP uses on any of these addresses. */
  public static int on(String... addresses) {
    for (int tries = 0; tries < 1000; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, END);
      if (isFree(port, addresses)) {
        return port;
      }
    }
    throw new IllegalStateException("no port is free on " + String.join(", ", addresses));
  }

  private static boolean isFree(int port, String... addresses) {
    for (String address : addresses) {
      InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(address), port);
      try (ServerSocket tcp = new ServerSocket();
          DatagramSocket udp = new DatagramSocket(null)) {
        tcp.bind(at);
        udp.bind(at);
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }
}
