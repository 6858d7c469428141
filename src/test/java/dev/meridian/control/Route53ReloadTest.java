package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.config.ConfigKey;
import dev.meridian.publish.ReloadResult;
import dev.meridian.source.Problem;
import dev.meridian.testkit.Asking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A server over Route 53's JSON keeps the last good set, whatever is wrong with the next. */
class Route53ReloadTest {
  @TempDir private Path folder;

  private void zone(String apex, String more, String set) throws IOException {
    String listing =
        """
        {"ResourceRecordSets":[
        {"Name":"%1$s.","Type":"SOA","TTL":900,"ResourceRecords":[{"Value":"ns. h. 1 2 3 4 5"}]},
        {"Name":"%1$s.","Type":"NS","TTL":60,"ResourceRecords":[{"Value":"ns.example.net."}]},
        {"Name":"www.%1$s.","Type":"A",%2$s}]%3$s}
        """
            .formatted(apex, set, more);
    Files.writeString(folder.resolve(apex + ".route53.json"), listing);
  }

  private static String alias(String to) {
    return "\"AliasTarget\":{\"HostedZoneId\":\"Z\",\"DNSName\":\""
        + to
        + "\",\"EvaluateTargetHealth\":true}";
  }

  private static String value(String address) {
    return "\"TTL\":60,\"ResourceRecords\":[{\"Value\":\"" + address + "\"}]";
  }

  private static List<String> ask(Server server, String name) throws IOException {
    Record question = Record.newRecord(Name.fromString(name), Type.A, DClass.IN);
    Message response = Asking.udp(server.addresses().getFirst(), Message.newQuery(question));
    return response.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
  }

  @Test
  void aCircleThroughZonesAndACutOffPageAreToldAtOnceAndNothingOfThemIsServed() throws Exception {
    zone("one.test", "", alias("www.two.test"));
    zone("two.test", "", value("192.0.2.1"));
    zone("three.test", "", value("192.0.2.3"));
    try (Server server = ZoneFolder.serve(folder, Map.of(ConfigKey.WATCH, "off"))) {
      zone("two.test", "", alias("www.one.test."));
      zone("three.test", ",\n\"IsTruncated\":true", value("192.0.2.33"));
      ReloadResult refused = server.reload("test").join();
      assertThat(refused.ok()).isFalse();
      assertThat(refused.problems())
          .extracting(Problem::toString)
          .satisfiesExactlyInAnyOrder(
              line -> assertThat(line).startsWith("one.test.route53.json:4:1: ").contains("circle"),
              line -> assertThat(line).startsWith("two.test.route53.json:4:1: ").contains("circle"),
              line -> assertThat(line).startsWith("three.test.route53.json:5:1: ").contains("cut"));
      assertThat(ask(server, "www.one.test.")).containsExactly("192.0.2.1");
      assertThat(ask(server, "www.two.test.")).containsExactly("192.0.2.1");
      assertThat(ask(server, "www.three.test.")).containsExactly("192.0.2.3");

      zone("two.test", "", value("192.0.2.2"));
      zone("three.test", "", value("192.0.2.33"));
      assertThat(server.reload("test").join().ok()).isTrue();
      assertThat(ask(server, "www.one.test.")).containsExactly("192.0.2.2");
      assertThat(ask(server, "www.three.test.")).containsExactly("192.0.2.33");
    }
  }
}
