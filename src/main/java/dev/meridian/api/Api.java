package dev.meridian.api;

import dev.meridian.answer.Explanation;
import dev.meridian.answer.ExplanationText;
import dev.meridian.control.Server;
import dev.meridian.health.HealthStatus;
import dev.meridian.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The resources of the HTTP surface. All of them only read snapshots, but for those that answer
 * POST.
 *
 * <pre>
 * GET  /livez /readyz        for supervisors and balancers (also /health, /ready)
 * GET  /metrics              for Prometheus
 * GET  /api/v1/status        version, generation, last load and its problems, listeners
 * GET  /api/v1/zones         what is served
 * GET  /api/v1/states        what health checking says
 * GET  /api/v1/explain       why a question is answered as it is
 * POST /api/v1/overrides     what a person decides about health checks, kept before it is answered
 * POST /api/v1/reload        loads everything anew, answers when it is done
 * GET  /api/v1/openapi.json  all of this for programs
 * GET  /                     all of this for people
 * </pre>
 */
public final class Api {
  private final Server server;
  private final RandomGenerator random = new SplittableRandom();

  /** Made at the first scrape: a server that nobody scrapes starts faster without. */
  private @Nullable Metrics metrics;

  private Api(Server server) {
    this.server = server;
  }

  /**
   * Opens the HTTP surface of a server.
   *
   * @param address a loopback address
   * @throws IOException if it cannot be opened, with the system's reason
   */
  public static HttpServer open(InetSocketAddress address, Server server) throws IOException {
    return HttpServer.open(address, new Api(server).routes());
  }

  Map<String, Route> routes() {
    Map<String, Route> routes = new HashMap<>(OpsPage.routes());
    Route live = Route.get(_ -> Reply.text(200, "ok"));
    Route ready = Route.get(_ -> ready());
    routes.put("/livez", live);
    routes.put("/health", live);
    routes.put("/readyz", ready);
    routes.put("/ready", ready);
    routes.put("/metrics", Route.get(_ -> metrics()));
    routes.put("/api/v1/status", Route.get(_ -> Reply.json(StatusJson.status(server))));
    routes.put("/api/v1/zones", Route.get(_ -> Reply.json(StatusJson.zones(server.state()))));
    routes.put("/api/v1/states", Route.get(_ -> Reply.json(StatusJson.states(server.board()))));
    routes.put("/api/v1/explain", Route.get(this::explain));
    routes.put("/api/v1/overrides", Route.post(request -> OverrideRequest.apply(request, server)));
    routes.put("/api/v1/reload", Route.post(_ -> reload()));
    return routes;
  }

  private Reply ready() {
    if (server.status().ready()) {
      return Reply.text(200, "ready");
    }
    return Reply.text(503, server.status().draining() ? "draining" : "nothing is loaded yet");
  }

  private Reply metrics() {
    Metrics known = metrics;
    if (known == null) {
      known = new Metrics(server);
      metrics = known;
    }
    byte[] page = known.scrape().getBytes(StandardCharsets.UTF_8);
    return Reply.of(200, Metrics.contentType(), page);
  }

  private CompletionStage<Reply> reload() {
    return server.reload("API").thenApply(result -> Reply.json(StatusJson.reload(result)));
  }

  private Reply explain(ApiRequest request) {
    String name =
        request
            .parameter("name")
            .orElseThrow(() -> new IllegalArgumentException("the parameter 'name' is missing"));
    ExplainQuery query =
        ExplainQuery.parse(
            name, request.parameter("type"), request.parameter("client"), request.all("health"));
    Explanation explanation =
        query.explain(server.state(), server.status().space(), this::checkNumber, random);
    String text = ExplanationText.of(explanation, this::healthText);
    String source = "the running server, generation " + server.state().generation();
    byte[] json = ExplanationJson.bytes(explanation, source, text, this::checkId);
    return Reply.of(200, Reply.JSON, json);
  }

  private Optional<Integer> checkNumber(String id) {
    return Optional.ofNullable(server.board().status(id)).map(HealthStatus::index);
  }

  private String checkId(int number) {
    HealthStatus status = server.board().status(number);
    return status == null ? "#" + number : status.id();
  }

  private String healthText(int number) {
    HealthStatus status = server.board().status(number);
    if (status == null) {
      return "#" + number + ": no longer watched";
    }
    return status.id()
        + ": "
        + (status.isHealthy() ? "healthy" : "unhealthy")
        + " since "
        + status.since()
        + ", "
        + status.standing().reason();
  }
}
