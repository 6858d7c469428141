package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.CheckKind.Tls;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What two builds have to agree on, octet by octet. */
class DefinitionHashTest {
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.10");
  private static final HealthCheck.Builder PLAIN = Settings.builder();

  @Test
  void isOfATextThatSaysWhatDoesNotGoWithoutSaying() {
    HealthCheck check = check(CheckKind.https("www.example.com"));
    assertThat(DefinitionHash.text(check))
        .isEqualTo(
            """
            meridian-check-1
            id=24:example.com/a/192.0.2.10
            address=8:c000020a
            kind=4:http
            host=15:www.example.com
            port=3:443
            tls=4:true
            """);
  }

  /**
   * Should one of these ever change, servers of before and after do not count each other's votes.
   */
  @Test
  void staysWhatItIs() {
    assertThat(hex(check(new CheckKind.Tcp(80)))).isEqualTo("cadcad077dd6d938");
    assertThat(hex(check(CheckKind.https("www.example.com")))).isEqualTo("49bba7fec552a5cd");
    assertThat(hex(check(new GrpcCheck("shop.Orders", null, 50051, null))))
        .isEqualTo("a181372fe1e334ab");
  }

  @Test
  void differsWhereverDefinitionsDo() throws Exception {
    List<HealthCheck> all = new ArrayList<>();
    for (CheckKind kind : kinds()) {
      all.add(check(kind));
    }
    for (Settings settings : settings()) {
      all.add(new HealthCheck("a", ADDRESS, new CheckKind.Tcp(80), settings));
    }
    all.add(new HealthCheck("b", ADDRESS, new CheckKind.Tcp(80), Settings.DEFAULT));
    all.add(
        new HealthCheck(
            "b", null, new CheckKind.Tcp(80), Settings.DEFAULT, DomainName.parse("b.example.")));
    assertThat(all.stream().map(DefinitionHash::of)).doesNotHaveDuplicates();
    assertThat(all.stream().map(DefinitionHash::text)).doesNotHaveDuplicates();
  }

  @Test
  void leavesOutWhatOnlyRoutingGoesBy() {
    Settings slow = Settings.builder().slowStart(Duration.ofMinutes(1)).build();
    assertThat(DefinitionHash.of(new HealthCheck("a", ADDRESS, new CheckKind.Tcp(80), slow)))
        .isEqualTo(
            DefinitionHash.of(new HealthCheck("a", ADDRESS, new CheckKind.Tcp(80), PLAIN.build())));
  }

  /** Whoever adds a field has to say here that the hash knows it, or why it need not. */
  @Test
  void knowsEveryField() {
    assertThat(
            List.of(
                HealthCheck.class.getRecordComponents().length,
                Settings.class.getRecordComponents().length,
                Tls.class.getRecordComponents().length,
                CheckRequest.class.getRecordComponents().length,
                CheckKind.Http.class.getRecordComponents().length,
                CheckKind.Dns.class.getRecordComponents().length,
                CheckKind.Tcp.class.getRecordComponents().length,
                CheckKind.Handshake.class.getRecordComponents().length,
                CheckKind.Calculated.class.getRecordComponents().length,
                GrpcCheck.class.getRecordComponents().length,
                MetricCheck.class.getRecordComponents().length,
                FileCheck.class.getRecordComponents().length,
                HeartbeatCheck.class.getRecordComponents().length,
                ExecCheck.class.getRecordComponents().length,
                IcmpCheck.class.getRecordComponents().length))
        .containsExactly(5, 8, 4, 3, 7, 5, 3, 3, 2, 4, 2, 4, 1, 1, 0);
  }

  @SuppressWarnings("NullAway") // which does not see that what a TCP check expects may be nothing
  private static List<CheckKind> kinds() throws Exception {
    CheckKind.Http http = CheckKind.http(null);
    CheckRequest request = CheckRequest.DEFAULT;
    DomainName name = DomainName.parse("www.example.");
    List<CheckKind> kinds = new ArrayList<>();
    kinds.add(new CheckKind.Tcp(80));
    kinds.add(new CheckKind.Tcp(81));
    kinds.add(new CheckKind.Tcp(80, "PING", null));
    kinds.add(new CheckKind.Tcp(80, "", new BodyMatch.Search("PING")));
    for (@Nullable Tls tls : tls()) {
      kinds.add(http.withTls(tls));
      kinds.add(new GrpcCheck("", null, 80, tls));
      if (tls != null) {
        kinds.add(new CheckKind.Handshake(null, 80, tls));
      }
    }
    kinds.add(new CheckKind.Handshake("h.example", 80, Tls.DEFAULT));
    kinds.add(CheckKind.http("h.example"));
    kinds.add(http.withPath("/x"));
    kinds.add(http.withPort(81));
    kinds.add(http.withExpected(new ExpectedStatus(List.of(ExpectedStatus.parse("204")))));
    kinds.add(http.withSearchString("1:ab"));
    kinds.add(http.withMatch(new BodyMatch.Json(Map.of("/a", "b"))));
    kinds.add(http.withMatch(new BodyMatch.Json(Map.of("/ab", ""))));
    kinds.add(http.withRequest(request.withMethod("POST")));
    kinds.add(http.withRequest(request.withHeaders(Map.of("X-A", "b"))));
    kinds.add(http.withRequest(request.withMethod("POST").withBody("x")));
    kinds.add(new CheckKind.Dns(name, RRType.A, 53, 0, Set.of()));
    kinds.add(new CheckKind.Dns(name, RRType.AAAA, 53, 0, Set.of()));
    kinds.add(new CheckKind.Dns(name, RRType.A, 54, 0, Set.of()));
    kinds.add(new CheckKind.Dns(name, RRType.A, 53, 3, Set.of()));
    kinds.add(new CheckKind.Dns(name, RRType.A, 53, 0, Set.of(ADDRESS)));
    kinds.add(new CheckKind.Dns(DomainName.parse("x.example."), RRType.A, 53, 0, Set.of()));
    kinds.add(new GrpcCheck("s", null, 80, null));
    kinds.add(new GrpcCheck("", "h.example", 80, null));
    kinds.add(new GrpcCheck("", null, 81, null));
    for (MetricCheck.Insufficient rule : MetricCheck.Insufficient.values()) {
      kinds.add(new MetricCheck(http.withMatch(BodyMatch.Samples.parse("< 1")), rule));
      kinds.add(new FileCheck("/run/a", "{id}", Duration.ofSeconds(30), rule));
    }
    kinds.add(
        new MetricCheck(
            http.withMatch(BodyMatch.Samples.parse("<= 1")), MetricCheck.Insufficient.HEALTHY));
    kinds.add(
        new FileCheck("/run/b", "{id}", Duration.ofSeconds(30), MetricCheck.Insufficient.HEALTHY));
    kinds.add(
        new FileCheck("/run/a", "web", Duration.ofSeconds(30), MetricCheck.Insufficient.HEALTHY));
    kinds.add(
        new FileCheck("/run/a", "{id}", Duration.ofSeconds(31), MetricCheck.Insufficient.HEALTHY));
    kinds.add(new HeartbeatCheck("0123456789abcdef"));
    kinds.add(new HeartbeatCheck("0123456789abcdeX"));
    kinds.add(new ExecCheck(List.of("/bin/a", "b c")));
    kinds.add(new ExecCheck(List.of("/bin/a", "b", "c")));
    kinds.add(new IcmpCheck());
    kinds.add(new CheckKind.Calculated(List.of("a", "b"), 1));
    kinds.add(new CheckKind.Calculated(List.of("a", "b"), 2));
    kinds.add(new CheckKind.Calculated(List.of("a", "c"), 1));
    return kinds;
  }

  private static List<@Nullable Tls> tls() {
    List<@Nullable Tls> all = new ArrayList<>();
    all.add(null);
    all.add(Tls.DEFAULT);
    all.add(Tls.DEFAULT.withVerify(false));
    all.add(Tls.DEFAULT.withSni(false));
    all.add(Tls.DEFAULT.withExpiryDays(14));
    all.add(Tls.DEFAULT.withAuthorities(List.of()));
    return all;
  }

  private static List<Settings> settings() {
    return List.of(
        Settings.builder().build(),
        Settings.builder().interval(Duration.ofSeconds(11)).build(),
        Settings.builder().timeout(Duration.ofSeconds(3)).build(),
        Settings.builder().failureThreshold(2).build(),
        Settings.builder().successThreshold(2).build(),
        Settings.builder().failureRatio(new Hysteresis.Ratio(1, 11)).build(),
        Settings.builder().failureRatio(new Hysteresis.Ratio(11, 11)).build(),
        Settings.builder().inverted(true).build(),
        Settings.builder().disabled(true).build());
  }

  private static HealthCheck check(CheckKind kind) {
    return new HealthCheck(
        "example.com/a/192.0.2.10", kind.isAimed() ? ADDRESS : null, kind, Settings.DEFAULT);
  }

  private static String hex(HealthCheck check) {
    return String.format("%016x", DefinitionHash.of(check));
  }
}
