package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.analysis.LoggedQuery;
import dev.meridian.config.ConfigKey;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.net.Prefix;
import dev.meridian.rr.RRType;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Asking;
import dev.meridian.wire.DomainName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryLogFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"json", "route53"})
  void whatAServerWritesIsReadInEitherFormat(String format) throws Exception {
    Path log = folder.resolve("queries.log");
    try (Server server =
        ZoneFolder.serve(
            ZoneFolder.write(folder.resolve("zones"), 1),
            Map.of(
                ConfigKey.QUERY_LOG,
                log.toString(),
                ConfigKey.QUERY_LOG_FORMAT,
                format,
                ConfigKey.QUERY_CLIENTS,
                "address"))) {
      for (int i = 0; i < 2; i++) {
        ask(server, "www.example.org.", "A", "198.51.100.0/24");
      }
      ask(server, "www.example.org.", "A", "0.0.0.0/0");
      ask(server, "odd\\032name.example.org.", "TYPE65280");
    }
    assertThat(QueryLogFile.read(log))
        .isEqualTo(
            Map.of(
                query("198.51.100.0/24", "www.example.org.", RRType.A), 2L,
                query("127.0.0.1/32", "www.example.org.", RRType.A), 1L,
                query("127.0.0.1/32", "odd\\032name.example.org.", 65280), 1L));
  }

  @Test
  void everyWrongLineIsNamed() throws Exception {
    Path log = folder.resolve("wrong.log");
    Files.writeString(
        log,
        """
        # the next is fine
        192.0.2.1 www.example.org A
        1.0 2026-11-28T08:31:07.412Z example.org www.example.org A NOERROR UDP fra-1 here -
        {"client": "192.0.2.1", "type": "A"}
        one two
        """);
    assertThatThrownBy(() -> QueryLogFile.read(log))
        .isInstanceOfSatisfying(
            CommandException.class,
            e ->
                assertThat(e.lines("meridian diff"))
                    .hasSize(3)
                    .satisfiesExactly(
                        line -> assertThat(line).contains(":3:1: 'here' is not an IPv4"),
                        line -> assertThat(line).contains(":4:1: the field 'name' is missing"),
                        line -> assertThat(line).contains(":5:1: a query is 'client qname")));
  }

  private static void ask(Server server, String name, String type, String... subnet) {
    Asking.udp(server.addresses().getFirst(), Answering.query(name, type, subnet));
  }

  private static LoggedQuery query(String client, String name, int type) {
    return new LoggedQuery(Prefix.parse(client), DomainName.parse(name), type);
  }
}
