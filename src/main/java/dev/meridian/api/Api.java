package dev.meridian.api;

import dev.meridian.answer.Explanation;
import dev.meridian.answer.ExplanationText;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.Server;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthStatus;
import dev.meridian.metrics.Metrics;
import dev.meridian.publish.PastServing;
import dev.meridian.reach.RoutedName;
import dev.meridian.state.Journal;
import dev.meridian.text.RefusedException;
import dev.meridian.transport.ListenException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The resources of the HTTP surface: those that {@code openapi.json} describes, {@code /health} and
 * {@code /ready} as other names of {@code /livez} and {@code /readyz}, and the ops page. Those for
 * viewers only read snapshots.
 */
public final class Api {
  private final Server server;
  private final RandomGenerator random = new SplittableRandom();
  final Desk desk;

  /** Made at the first scrape: a server that nobody scrapes starts faster without. */
  private @Nullable Metrics metrics;

  Api(Server server) {
    this.server = server;
    this.desk = new Desk(server);
  }

  /**
   * Opens the HTTP surface of a server on a loopback address, for whoever reaches it.
   *
   * @throws ListenException if the address cannot be listened on
   */
  public static HttpServer open(InetSocketAddress address, Server server) throws IOException {
    return new Api(server).open(List.of(new Listen(address, Access.LOCAL)));
  }

  /**
   * Opens the HTTP surface as the server's configuration has it.
   *
   * @throws ListenException if the address cannot be listened on
   * @throws IOException if the socket cannot be used, or a certificate or the tokens not be read
   * @throws dev.meridian.config.ConfigException if what is in those is wrong
   */
  public static HttpServer open(Server server) throws IOException {
    ServerConfig config = server.config();
    Tokens tokens = config.httpTokens().isPresent() ? Tokens.open(config.httpTokens().get()) : null;
    List<Listen> listens = new ArrayList<>();
    if (config.http().isPresent()) {
      InetSocketAddress address = config.http().get();
      TlsFiles tls =
          config.httpTlsCert().isPresent() && config.httpTlsKey().isPresent()
              ? TlsFiles.open(config.httpTlsCert().get(), config.httpTlsKey().get())
              : null;
      boolean remote = !address.getAddress().isLoopbackAddress();
      listens.add(new Listen(address, new Access(tokens, tls, remote, config.httpHosts())));
    }
    if (config.httpSocket().isPresent()) {
      listens.add(new Listen(UnixDomainSocketAddress.of(config.httpSocket().get()), Access.LOCAL));
    }
    return new Api(server).open(listens);
  }

  HttpServer open(List<Listen> listens) throws IOException {
    AuditLog audit = new AuditLog(server.config().state(), server::now);
    Runnable last =
        () -> {
          desk.close();
          audit.close();
        };
    try {
      Map<String, Route> routes = routes();
      RequestSpans spans = RequestSpans.of(server.spans(), server::now, routes.keySet());
      Surface surface = new Surface(routes, new EventHub(server), audit, spans);
      return HttpServer.open(listens, surface, server.inheritedHttp(), last);
    } catch (IOException | ListenException e) {
      last.run();
      throw e;
    }
  }

  Map<String, Route> routes() {
    Map<String, Route> routes = new HashMap<>(OpsPage.routes());
    Route live = Route.open(_ -> Reply.text(200, "ok"));
    Route ready = Route.open(_ -> ready());
    routes.put("/livez", live);
    routes.put("/health", live);
    routes.put("/readyz", ready);
    routes.put("/ready", ready);
    routes.put("/metrics", Route.later(_ -> desk.share("metrics", this::metrics)));
    routes.put("/api/v1/status", Route.later(_ -> status()));
    routes.put("/api/v1/zones", Route.later(this::zones));
    routes.put("/api/v1/selected", Route.later(this::selected));
    routes.put("/api/v1/history", Route.later(this::history));
    routes.put("/api/v1/states", Route.later(this::states));
    routes.put("/api/v1/overview", Route.later(_ -> overview()));
    routes.put("/api/v1/names", Route.later(this::names));
    routes.put("/api/v1/name", Route.later(this::name));
    routes.put("/api/v1/endpoints", Route.later(this::endpoints));
    routes.put("/api/v1/events", Route.get(_ -> Reply.events()));
    routes.put("/api/v1/journal", Route.later(this::journal));
    routes.put("/api/v1/what-if", Route.ask(this::whatIf));
    routes.put("/api/v1/explain", Route.later(request -> desk.run(() -> explain(request))));
    routes.put("/api/v1/overrides", Route.post(request -> OverrideRequest.apply(request, server)));
    routes.put("/api/v1/heartbeats", Route.secret(this::heartbeat));
    routes.put("/api/v1/rollback", Route.post(request -> RollbackRequest.apply(request, server)));
    routes.put("/api/v1/kept-sets", Route.get(_ -> Reply.json(RollbackRequest.list(server))));
    routes.put("/api/v1/reload", Route.post(this::reload));
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
    return Reply.of(200, Metrics.contentType(), known.page());
  }

  /**
   * {@code POST /api/v1/heartbeats?check=} with a bearer token, or with {@code &token=} for who can
   * send no header; not told apart: no such check, another token.
   */
  private CompletionStage<Reply> heartbeat(ApiRequest request) {
    String check = request.parameter("check").orElse("");
    String token = request.parameter("token").orElse(request.bearer());
    boolean taken = server.beat(check, token);
    return CompletableFuture.completedFuture(
        taken
            ? Reply.text(200, "ok")
            : Reply.problem(
                403, "Forbidden", "there is no heartbeat check of this id with this token"));
  }

  private CompletionStage<Reply> status() {
    return desk.share("status", () -> Reply.json(StatusJson.status(server)));
  }

  private CompletionStage<Reply> states(ApiRequest request) {
    StatesQuery query = StatesQuery.of(request);
    return desk.share(
        "states " + query, () -> Reply.json(query.answer(server.board(), server.history())));
  }

  private CompletionStage<Reply> zones(ApiRequest request) {
    Paging paging = Paging.of(request);
    return desk.share(
        "zones " + paging, () -> Reply.json(StatusJson.zones(server.state(), paging)));
  }

  private CompletionStage<Reply> selected(ApiRequest request) {
    String selector = request.required("selector");
    Paging paging = Paging.of(request);
    return desk.run(() -> Reply.json(StatesQuery.selected(server.board(), selector, paging)));
  }

  private CompletionStage<Reply> history(ApiRequest request) {
    String id = request.required("check");
    return desk.run(
        () -> {
          HealthBoard board = server.board();
          HealthStatus status = board.status(id);
          return status == null
              ? Reply.problem(404, "Not Found", "there is no health check '" + id + "'")
              : Reply.json(StatesQuery.history(board, status, server.history().of(id)));
        });
  }

  private CompletionStage<Reply> journal(ApiRequest request) {
    Paging paging = Paging.of(request);
    int before = Paging.number(request, "before", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
    return desk.share(
        "journal " + paging + before,
        () ->
            Reply.json(
                JournalJson.list(server.journal().recent(0, Journal.REMEMBERED), paging, before)));
  }

  private CompletionStage<Reply> overview() {
    return desk.answer("overview", now -> Reply.json(SituationJson.overview(now, server)));
  }

  private CompletionStage<Reply> names(ApiRequest request) {
    Paging paging = Paging.of(request);
    boolean affected = request.parameter("affected").orElse("false").equals("true");
    return desk.answer(
        "names " + paging + affected, now -> Reply.json(NamesJson.list(now, paging, affected)));
  }

  private CompletionStage<Reply> name(ApiRequest request) {
    String owner = request.required("name").toLowerCase(Locale.ROOT);
    String text =
        owner.length() > 1 && owner.endsWith(".") ? owner.substring(0, owner.length() - 1) : owner;
    String type = request.parameter("type").orElse("").toUpperCase(Locale.ROOT);
    return desk.answer(
        "name " + type + " " + text,
        now -> {
          RoutedName name = now.reach().find(text, type);
          return name == null
              ? Reply.problem(404, "Not Found", "no policy answers for " + text + " " + type)
              : Reply.json(NamesJson.detail(now, name, server.board(), server.shares()));
        });
  }

  private CompletionStage<Reply> endpoints(ApiRequest request) {
    Paging paging = Paging.of(request);
    String sort = request.parameter("sort").orElse("id");
    if (!sort.equals("id") && !sort.equals("state")) {
      throw new RefusedException("sort: '" + sort + "' is none of id and state");
    }
    return desk.answer(
        "endpoints " + paging + sort,
        now -> Reply.json(EndpointsJson.list(now, server.board(), paging, sort.equals("state"))));
  }

  private CompletionStage<Reply> whatIf(ApiRequest request) {
    WhatIfRequest question = WhatIfRequest.of(request.body());
    return desk.answer(now -> Reply.json(question.answer(now, server.board())));
  }

  /** {@code POST /api/v1/reload?force=true&reason=&author=}: forced, the gate is not asked. */
  private CompletionStage<Reply> reload(ApiRequest request) {
    boolean forced = request.parameter("force").orElse("false").equals("true");
    return (forced ? server.force(RollbackRequest.reason("forced", request)) : server.reload("API"))
        .thenApply(result -> Reply.json(StatusJson.reload(result)));
  }

  private Reply explain(ApiRequest request) {
    String name = request.required("name");
    ExplainQuery query =
        ExplainQuery.parse(
            name, request.parameter("type"), request.parameter("client"), request.all("health"));
    Optional<String> at = request.parameter("at");
    if (at.isPresent()) {
      return explainPast(query, ExplainQuery.time(at.get()));
    }
    Explanation explanation =
        query.explain(server.state(), server.status().space(), this::checkNumber, random);
    String text = ExplanationText.of(explanation, this::healthText);
    String source = "the running server, generation " + server.state().generation();
    byte[] json = ExplanationJson.bytes(explanation, source, text, this::checkId);
    return Reply.of(200, Reply.JSON, json);
  }

  private Reply explainPast(ExplainQuery query, Instant at) {
    PastServing past = server.past(at);
    Explanation explanation = query.explain(past.state(), past.space(), past.numbers(), random);
    String text = ExplanationText.of(explanation, past.healthText());
    long then = past.state().generation();
    long kept = past.set().generation();
    String source =
        "what was served at "
            + at
            + ", generation "
            + then
            + (kept == then ? "" : " (kept as " + kept + ")")
            + ", in the health of that moment by the journal";
    return Reply.of(200, Reply.JSON, ExplanationJson.bytes(explanation, source, text, past.ids()));
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
