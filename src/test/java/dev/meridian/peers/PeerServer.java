package dev.meridian.peers;

import dev.meridian.testkit.Answering;
import dev.meridian.testkit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A peer at work on a loopback port, with its files in a folder that goes when it ends. */
final class PeerServer implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** Each is 20 ms apart: how long a peer may take to load. */
  private static final int ATTEMPTS = 100;

  private final Peer peer;
  private final Path folder;
  private final Process process;
  private final DnsClient client;

  private PeerServer(Peer peer, Path folder, Process process, DnsClient client) {
    this.peer = peer;
    this.folder = folder;
    this.process = process;
    this.client = client;
  }

  /**
   * Starts a peer; {@link #awaitZones} waits for it, so that several start at once.
   *
   * @param zones names with a dot at the end, and their master files
   */
  static PeerServer start(Peer peer, Map<String, String> zones) {
    try {
      Path folder = Files.createTempDirectory("peer-" + peer.title());
      for (Map.Entry<String, String> zone : zones.entrySet()) {
        Files.writeString(folder.resolve(Peer.file(zone.getKey())), zone.getValue());
      }
      Files.write(folder.resolve(Peer.ZONE_LIST), zones.keySet());
      int port = FreePort.on(LOOPBACK.getHostAddress());
      Files.writeString(
          folder.resolve(Peer.CONFIGURATION), peer.configuration(folder, port, zones.keySet()));
      Process process =
          new ProcessBuilder(peer.command(peer.program().orElseThrow(), folder))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("output.log").toFile())
              .start();
      return new PeerServer(
          peer, folder, process, new DnsClient(new InetSocketAddress(LOOPBACK, port)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until every zone is served.
   *
   * @return those that the peer does not want
   */
  List<String> awaitZones(Collection<String> zones) throws IOException {
    List<String> missing = new ArrayList<>(zones);
    for (int attempt = 0; attempt < ATTEMPTS && !missing.isEmpty(); attempt++) {
      if (!process.isAlive()) {
        throw new AssertionError(peer + " ended:\n" + log());
      }
      if (attempt > 0) {
        pause();
      }
      for (Iterator<String> each = missing.iterator(); each.hasNext(); ) {
        if (!serves(each.next())) {
          break;
        }
        each.remove();
      }
    }
    missing.removeIf(
        zone -> {
          try {
            return serves(zone);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return missing;
  }

  private boolean serves(String zone) throws IOException {
    byte[] response = client.ask(Answering.query(zone, "SOA").toWire(), false);
    return response.length > 3 && (response[2] & 0x04) != 0 && (response[3] & 0x0F) == 0;
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Peer peer() {
    return peer;
  }

  DnsClient client() {
    return client;
  }

  /** What it wrote. */
  String log() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String file : List.of("output.log", "nsd.log", "knot.log")) {
      if (Files.exists(folder.resolve(file))) {
        text.append(Files.readString(folder.resolve(file)));
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    client.close();
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      children.forEach(ProcessHandle::destroyForcibly);
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
