package dev.meridian.spans;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.api.Api;
import dev.meridian.api.HttpServer;
import dev.meridian.config.ConfigKey;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a collector hears of a running server. */
class SpansTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  @TempDir private Path folder;

  @Test
  void loadsProbesAndRequestsAreToldWithWhatCameOfThem() throws Exception {
    try (Collector collector = new Collector()) {
      Map<ConfigKey, String> settings =
          Map.of(
              ConfigKey.SPANS_ENDPOINT, collector.address().toString(),
              ConfigKey.SPANS_CHECKS, "1",
              ConfigKey.WATCH, "off");
      try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 1), settings);
          HttpServer http =
              Api.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), server)) {
        Awaitility.await().until(() -> server.board().statuses().getFirst().last() != null);
        ZoneFolder.breakIt(folder);
        reload(http.address());
      }
      assertThat(collector.spans()).allMatch(span -> span.service().equals("meridian"));
      Collector.Received first = named(collector, "load", "true");
      assertThat(first.attributes()).containsEntry("meridian.reason", "start");
      assertThat(TimeUnit.NANOSECONDS.toSeconds(first.end() - first.start())).isBetween(0L, 60L);
      assertThat(first.parent()).isEmpty();
      Collector.Received refused = named(collector, "load", "false");
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.message()).contains("broken.example.zone:");
      assertThat(collector.spans())
          .filteredOn(span -> span.name().equals("POST /api/v1/reload"))
          .singleElement()
          .satisfies(
              span -> {
                assertThat(span.trace()).isEqualTo(TRACE);
                assertThat(span.parent()).isEqualTo(PARENT);
                assertThat(span.kind()).isEqualTo(2);
                assertThat(span.attributes()).containsEntry("http.response.status_code", "200");
              });
      assertThat(collector.spans())
          .filteredOn(span -> span.name().equals("health check"))
          .isNotEmpty()
          .allSatisfy(
              span -> {
                assertThat(span.kind()).isEqualTo(3);
                assertThat(span.attributes())
                    .containsEntry("meridian.check", ZoneFolder.CHECK)
                    .containsEntry("meridian.outcome", "fail");
                assertThat(span.code()).isEqualTo(2);
              });
    }
  }

  private static Collector.Received named(Collector collector, String name, String served) {
    return collector.spans().stream()
        .filter(span -> span.name().equals(name))
        .filter(span -> served.equals(span.attributes().get("meridian.served")))
        .findFirst()
        .orElseThrow();
  }

  private static void reload(InetSocketAddress address) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + address.getPort() + "/api/v1/reload"))
            .header("X-Meridian-Request", "1")
            .header("traceparent", "00-" + TRACE + "-" + PARENT + "-01")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatACollectorRefusesIsLostAndCounted() throws Exception {
    try (Collector collector = new Collector()) {
      collector.refuseWith(503);
      Spans spans = Spans.to(Optional.of(collector.address()), 1, "test");
      spans.add(span("one"));
      Awaitility.await().until(() -> spans.lost() == 1);
      collector.refuseWith(200);
      spans.add(span("two"));
      spans.close();
      assertThat(spans.lost()).isEqualTo(1);
    }
  }

  @Test
  void oneInSoManyProbesIsTold() {
    try (Spans spans = Spans.to(Optional.of(URI.create("http://127.0.0.1:1/")), 10, "test")) {
      long sampled = 0;
      for (int i = 0; i < 100; i++) {
        sampled += spans.isCheckSampled() ? 1 : 0;
      }
      assertThat(sampled).isEqualTo(10);
    }
  }

  /** What a JVM does that has no endpoint for spans. */
  static final class Off {
    private Off() {}

    public static void main(String[] args) {
      try (Spans spans = Spans.to(Optional.empty(), 1, "test")) {
        System.out.println("on: " + spans.isOn());
      }
    }
  }

  @Test
  void offNoClassOfTheLibraryIsLoaded() throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xlog:class+load:stdout",
            "-cp",
            System.getProperty("java.class.path"),
            Off.class.getName());
    Process process = java.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said)
        .contains("on: false", "dev.meridian.spans.Spans ")
        .doesNotContain("opentelemetry", "OtlpSpans");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
      })
  void aTraceParentThatIsWrongOrNotKeptIsNone(String header) {
    assertThat(Parent.ofHeader(header)).isEmpty();
  }

  private static Span span(String name) {
    return new Span(
        name,
        Span.Kind.INTERNAL,
        Optional.empty(),
        Instant.EPOCH,
        Duration.ofMillis(1),
        Map.of(),
        "");
  }
}
