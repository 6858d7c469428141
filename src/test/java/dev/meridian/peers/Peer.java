package dev.meridian.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A name server that Debian packages, set up as plainly as Meridian is by default. */
enum Peer {
  NSD("nsd") {
    @Override
    String configuration(Path folder, int port, Collection<String> zones) {
      String dir = folder.toString();
      return """
      server:
        ip-address: 127.0.0.1@%d
        do-ip6: no
        server-count: 1
        username: ""
        zonesdir: "%s"
        database: ""
        logfile: "%s/nsd.log"
        pidfile: "%s/nsd.pid"
        xfrdfile: "%s/xfrd.state"
        zonelistfile: "%s/zone.list"
        xfrdir: "%s"
        minimal-responses: yes
        hide-version: yes
        hide-identity: yes
      remote-control:
        control-enable: no
      """
              .formatted(port, dir, dir, dir, dir, dir, dir)
          + each(zones, "zone:\n  name: \"%s\"\n  zonefile: \"%s\"\n");
    }

    @Override
    List<String> command(String program, Path folder) {
      return List.of(program, "-d", "-c", folder.resolve(CONFIGURATION).toString());
    }
  },

  KNOT("knotd") {
    @Override
    String configuration(Path folder, int port, Collection<String> zones) {
      String dir = folder.toString();
      return """
      server:
        rundir: "%s"
        listen: 127.0.0.1@%d
        udp-workers: 1
        tcp-workers: 1
        background-workers: 1
      control:
        listen: "%s/knot.sock"
      log:
        - target: "%s/knot.log"
          any: info
      database:
        storage: "%s/db"
      template:
        - id: default
          storage: "%s"
          semantic-checks: off
          zonefile-load: whole
          zonefile-sync: -1
          journal-content: none
      zone:
      """
              .formatted(dir, port, dir, dir, dir, dir)
          + each(zones, "  - domain: \"%s\"\n    file: \"%s\"\n");
    }

    @Override
    List<String> command(String program, Path folder) {
      return List.of(program, "-c", folder.resolve(CONFIGURATION).toString());
    }
  },

  BIND("named") {
    @Override
    String configuration(Path folder, int port, Collection<String> zones) {
      return """
      options {
        directory "%s";
        listen-on port %d { 127.0.0.1; };
        listen-on-v6 { none; };
        pid-file none;
        lock-file none;
        session-keyfile "session.key";
        recursion no;
        allow-query { any; };
        notify no;
        dnssec-validation no;
        minimal-responses yes;
        minimal-any yes;
        zero-no-soa-ttl no;
        answer-cookie no;
        version none;
        hostname none;
        server-id none;
        empty-zones-enable no;
      };
      controls { };
      """
              .formatted(folder, port)
          + each(
              zones,
              "zone \"%s\" { type primary; file \"%s\"; check-names ignore; check-integrity no;"
                  + " };\n");
    }

    @Override
    List<String> command(String program, Path folder) {
      return List.of(program, "-g", "-n", "1", "-c", folder.resolve(CONFIGURATION).toString());
    }
  },

  POWERDNS("pdns_server") {
    @Override
    String configuration(Path folder, int port, Collection<String> zones) {
      return """
      launch=bind
      bind-config=%s/zones.conf
      local-address=127.0.0.1
      local-port=%d
      socket-dir=%s
      daemon=no
      guardian=no
      disable-syslog=yes
      receiver-threads=1
      distributor-threads=1
      cache-ttl=0
      negquery-cache-ttl=0
      query-cache-ttl=0
      dname-processing=yes
      security-poll-suffix=
      """
          .formatted(folder, port, folder);
    }

    @Override
    List<String> command(String program, Path folder) throws IOException {
      Files.copy(folder.resolve(CONFIGURATION), folder.resolve("pdns.conf"));
      Files.writeString(
          folder.resolve("zones.conf"),
          "options { directory \"%s\"; };%n".formatted(folder)
              + each(
                  Files.readAllLines(folder.resolve(ZONE_LIST)),
                  "zone \"%s\" { type master; file \"%s\"; };\n"));
      return List.of(program, "--config-dir=" + folder);
    }
  };

  static final String CONFIGURATION = "server.conf";
  static final String ZONE_LIST = "zones.txt";

  private final String program;

  Peer(String program) {
    this.program = program;
  }

  /** What {@code docs/PEERS.md} calls it. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether nobody's responses have fewer octets; that is what ours are measured against. */
  boolean isTerse() {
    return this == NSD || this == KNOT;
  }

  /** The configuration file. */
  abstract String configuration(Path folder, int port, Collection<String> zones);

  /** What starts it in the foreground. */
  abstract List<String> command(String program, Path folder) throws IOException;

  /** The program, if this machine has it. */
  Optional<String> program() {
    return Stream.of("/usr/sbin/", "/usr/local/sbin/", "/usr/bin/", "/sbin/")
        .map(folder -> folder + program)
        .filter(file -> Files.isExecutable(Path.of(file)))
        .findFirst();
  }

  /** The peers of this machine. */
  static List<Peer> installed() {
    return Arrays.stream(values()).filter(peer -> peer.program().isPresent()).toList();
  }

  /** The file of a zone; the root's is called after the sign for an origin. */
  static String file(String zone) {
    return (zone.equals(".") ? "@" : zone.substring(0, zone.length() - 1)) + ".zone";
  }

  private static String each(Collection<String> zones, String form) {
    return zones.stream()
        .map(zone -> form.formatted(zone, file(zone)))
        .collect(Collectors.joining());
  }
}
