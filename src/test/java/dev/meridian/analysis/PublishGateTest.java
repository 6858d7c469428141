package dev.meridian.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.analysis.PublishGate.Limits;
import dev.meridian.analysis.PublishGate.Reason;
import dev.meridian.analysis.PublishGate.Rule;
import dev.meridian.analysis.PublishGate.Verdict;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.testkit.Rfc;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pushes that are free of errors: disasters are stopped, what people do every day is not. */
class PublishGateTest {
  private static final String ZONE = "example.org.zone";
  private static final String POLICY = "example.org.policy.yaml";
  private static final String TESTS = "tests/example.org.yaml";

  private static final Map<String, String> BEFORE =
      Map.of(
          ZONE,
          """
          $TTL 300
          @ SOA ns1 hostmaster 2026112800 7200 3600 1209600 300
          @ NS ns1
          @ NS ns2
          @ MX 10 mail
          @ TXT "v=spf1 mx -all"
          ns1 A 192.0.2.1
          ns2 A 192.0.2.2
          mail A 192.0.2.3
          sip A 192.0.2.4
          _sip._udp SRV 1 1 5060 sip
          web A 192.0.2.5
          web TXT "web"
          w CNAME web
          old A 192.0.2.6
          h1 A 192.0.2.11
          h2 A 192.0.2.12
          h3 A 192.0.2.13
          h4 A 192.0.2.14
          h5 A 192.0.2.15
          h6 A 192.0.2.16
          h7 A 192.0.2.17
          """,
          "example.net.zone",
          """
          $TTL 300
          @ SOA ns1.example.org. hostmaster 4294967290 7200 3600 1209600 300
          @ NS ns1.example.org.
          @ A 192.0.2.80
          """,
          POLICY,
          """
          health-checks:
            web: { tcp: { port: 443 } }
          endpoints:
            a: { address: [192.0.2.20, 2001:db8::20], location: eu-west-1, health-check: web }
            b: { address: [192.0.2.21, 2001:db8::21], location: us-east-1, health-check: web }
            c: { address: 192.0.2.22, location: us-west-2, health-check: web }
          records:
            www: { failover: [a, b] }
            geo: { geolocation: { FR: a, default: b } }
            net: { cidr: { 198.51.100.0/24: a, default: b } }
            split: { weighted: { a: 99, b: 1 } }
            many: { multivalue: [a, b, c] }
            also: { alias: www }
          """,
          TESTS,
          """
          tests:
            - { ask: geo.example.org, client: FR, answer: a }
            - { ask: www.example.org, down: a, answer: b, ttl: <= 60 }
          """);

  @TempDir private Path root;

  /** Endpoint a is down at this moment. */
  private Verdict push(UnaryOperator<Map<String, String>> edit) {
    Folders folders = new Folders(root);
    Revision before = folders.of(BEFORE);
    Revision after = folders.of(edit.apply(new TreeMap<>(BEFORE)));
    assertThat(before.isWrong()).as(before.problems().toString()).isFalse();
    assertThat(after.isWrong()).as(after.problems().toString()).isFalse();
    AssumedHealth health = new AssumedHealth(before.set().checks(), before.registry());
    EligibilitySnapshot live = health.eligibility(health.matching("a"));
    return PublishGate.judge(before, after, live, Limits.DEFAULT, Map.of());
  }

  private Verdict push(String file, String from, String to) {
    return push(
        files -> {
          if (from.equals("*")) {
            files.remove(file);
            return files;
          }
          String text = Objects.requireNonNull(files.get(file));
          String edited = text.replaceAll(from, to.replace("\\n", "\n"));
          assertThat(edited).as("the edit does something").isNotEqualTo(text);
          files.put(file, edited);
          return files;
        });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a zone file is deleted          | zone-gone             | example.net.zone | *           "
            + " |",
        "the policy file is deleted      | rrset-emptied         | POLICY | *            |",
        "the zone is cut in half         | too-much-is-gone      | ZONE | (?s)old A.*    |",
        "the apex loses its MX           | rrset-emptied         | ZONE | @ MX 10 mail\\n  |",
        "the apex of another loses its A | rrset-emptied         | example.net.zone | @ A .*\\n |",
        "the host of the MX is gone      | rrset-emptied         | ZONE | mail A .*\\n     |",
        "the host of an SRV is gone      | rrset-emptied         | ZONE | sip A .*\\n      |",
        "a CNAME is left dangling        | rrset-emptied         | ZONE | web A .*\\n      |",
        "the name servers are others     | name-servers-replaced | ZONE | @ NS ns(.)       | @ NS"
            + " ns$1.example.com.",
        "the serial is mistyped          | serial-backwards      | ZONE | 2026112800       |"
            + " 202611281",
        "the serial is half round        | serial-backwards      | example.net.zone | 4294967290 |"
            + " 2147483700",
        "all addresses are replaced      | too-much-changes      | ZONE | A 192.0.2.       | A"
            + " 203.0.113.",
        "a routed name is gone           | rrset-emptied         | POLICY | '  geo: .*\\n'   |",
        "the default is gone             | rrset-emptied         | POLICY | default: b \\} \\}\\n"
            + "  net | default: none } }\\n"
            + "  net",
        "the default of blocks is gone   | rrset-emptied         | POLICY | default: b \\} \\}\\n"
            + "  split | default: none } }\\n"
            + "  split",
        "IPv6 is forgotten               | rrset-emptied         | POLICY | 'www: \\{'        |"
            + " 'www: { types: A,'",
        "IPv6 of an endpoint goes        | rrset-emptied         | POLICY | b: \\{ address:"
            + " .192.0.2.21, 2001:db8::21. | b: { address: 192.0.2.21",
        "the healthy one leaves failover | last-healthy-gone     | POLICY | failover: \\[a, b\\] |"
            + " failover: [a]",
        "the healthy one leaves weights  | last-healthy-gone     | POLICY | a: 99, b: 1      | a:"
            + " 100",
        "the healthy ones leave          | last-healthy-gone     | POLICY | a, b, c          | a",
        "a test fails                    | test-fails            | POLICY | 'FR: a, default: b' |"
            + " 'FR: b, default: a'",
        "a test fails when something does| test-fails            | POLICY | failover: \\[a, b\\] |"
            + " failover: [a, c]",
        "TTLs become weeks               | ttl-trap              | ZONE | .TTL 300         | \\$TTL"
            + " 30d",
        "an alias leads to half as much  | rrset-emptied         | POLICY | alias: www       |"
            + " alias: web",
      })
  @Rfc(number = 1982, sections = "3.2")
  void aDisasterIsStopped(String what, String rule, String file, String from, String to) {
    Verdict verdict = push(file(file), from, to == null ? "" : to);

    assertThat(verdict.reasons().stream().map(Reason::rule).map(Rule::word))
        .as(what)
        .contains(rule);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a comment                | ZONE   | '@ MX'            | '; note\\n@ MX'",
        "the next serial          | ZONE   | 2026112800        | 2026112801",
        "the serial wraps         | example.net.zone | 4294967290 | 5",
        "a host more              | ZONE   | old A             | new A 192.0.2.9\\nold A",
        "a host moves             | ZONE   | 192.0.2.6         | 192.0.2.7",
        "an old host goes         | ZONE   | 'old A .*\\n'     |",
        "the mail host moves      | ZONE   | 192.0.2.3         | 203.0.113.3",
        "a text changes           | ZONE   | mx -all           | a mx -all",
        "a text goes              | ZONE   | 'web TXT .*\\n'   |",
        "a name server more       | ZONE   | @ MX              | @ NS ns3.example.net.\\n@ MX",
        "a shorter TTL            | ZONE   | .TTL 300          | \\$TTL 60",
        "a canary grows           | POLICY | a: 99, b: 1       | a: 95, b: 5",
        "an endpoint is drained   | POLICY | a: 99, b: 1       | a: 0, b: 1",
        "an endpoint more         | POLICY | failover: \\[a, b\\] | failover: [a, b, c]",
        "another order            | POLICY | 'many: .*'        | 'many: { multivalue: [c, b, a] }'",
        "an endpoint's new name   | POLICY | '\\bc\\b'         | west",
        "a place more             | POLICY | FR: a,            | 'FR: a, DE: a,'",
        "a routed name more       | POLICY | also:             | 'more: { failover: [b, c] }\\n"
            + "  also:'",
        "the check looks deeper   | POLICY | tcp: \\{ port: 443 \\} | https: { host: example.org }",
        "a longer TTL, in reason  | POLICY | 'www: \\{'        | 'www: { ttl: 60,'",
        "a test more              | TESTS  | tests:            | 'tests:\\n"
            + "  - { ask: many.example.org, never: x }'",
      })
  void whatPeopleDoEveryDayPasses(String what, String file, String from, String to) {
    assertThat(push(file(file), from, to == null ? "" : to).reasons()).as(what).isEmpty();
  }

  private static String file(String name) {
    return switch (name) {
      case "ZONE" -> ZONE;
      case "POLICY" -> POLICY;
      case "TESTS" -> TESTS;
      default -> name;
    };
  }
}
