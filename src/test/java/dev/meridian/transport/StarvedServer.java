package dev.meridian.transport;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

/**
 * A server in a process of its own that has taken all file descriptors but a few. Prints its port;
 * after a line of input lets the descriptors go; after the next prints the failures it counted.
 */
final class StarvedServer {
  private static final int LEFT = 3;

  private StarvedServer() {}

  @SuppressWarnings("SystemOut") // this is how the test hears of it
  public static void main(String[] args) throws IOException {
    try (DnsServer server = Tcp.start(TcpSettings.defaults());
        Scanner commands = new Scanner(System.in, StandardCharsets.UTF_8)) {
      List<FileInputStream> hoard = takeAll();
      for (int i = 0; i < LEFT; i++) {
        hoard.removeLast().close();
      }
      System.out.println("port " + server.boundAddresses().getFirst().getPort());
      commands.nextLine();
      for (FileInputStream each : hoard) {
        each.close();
      }
      commands.nextLine();
      System.out.println("failures " + UdpTest.count(server, TransportCounter.TCP_ACCEPT_FAILED));
    }
  }

  private static List<FileInputStream> takeAll() {
    List<FileInputStream> hoard = new ArrayList<>();
    try {
      while (true) {
        hoard.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException noneLeft) {
      return hoard;
    }
  }
}
