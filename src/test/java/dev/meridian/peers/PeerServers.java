package dev.meridian.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All peers of this machine with the same zones, started together. */
final class PeerServers implements AutoCloseable {
  private final List<PeerServer> servers = new ArrayList<>();

  private PeerServers() {}

  /** Starts them; nobody is waited for. */
  static PeerServers start(Map<String, String> zones) {
    PeerServers all = new PeerServers();
    for (Peer peer : Peer.installed()) {
      all.servers.add(PeerServer.start(peer, zones));
    }
    return all;
  }

  List<PeerServer> all() {
    return servers;
  }

  @Override
  public void close() {
    servers.parallelStream().forEach(PeerServer::close);
  }
}
