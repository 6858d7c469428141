package dev.meridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Talks to the API of a running server. */
final class ServerClient {
  private static final int CONNECT_MILLIS = 2_000;

  /** A reload answers when a large set of zones has been read. */
  private static final int READ_MILLIS = 300_000;

  private static final String UNIX = "unix:";

  private final String address;
  private final @Nullable String token;
  private final @Nullable SSLSocketFactory tls;

  /**
   * A client of the server at an address.
   *
   * @param address {@code ADDR:PORT}, {@code https://HOST:PORT} or {@code unix:PATH}
   * @param token null: none is sent
   * @param tls makes connections to servers that are trusted; null: as Java has it
   */
  ServerClient(String address, @Nullable String token, @Nullable SSLSocketFactory tls) {
    this.address = address;
    this.token = token;
    this.tls = tls;
  }

  /** Where the server is, as people read it. */
  String address() {
    return address.contains("://") || address.startsWith(UNIX) ? address : "http://" + address;
  }

  /** What the server answered. */
  record Answer(int status, String body) {
    /** The body as JSON; throws {@link CommandException} if it is none. */
    JsonNode json(String address) {
      try {
        return new ObjectMapper().readTree(body);
      } catch (IOException e) {
        throw CommandException.cannotRun("what answers on " + address + " is not Meridian");
      }
    }
  }

  /** Asks; null if nobody listens at the address. */
  @Nullable Answer ask(String method, String pathAndQuery) {
    try {
      return address.startsWith(UNIX)
          ? UnixSocketClient.ask(Path.of(address.substring(UNIX.length())), method, pathAndQuery)
          : overNetwork(method, pathAndQuery);
    } catch (SSLException e) {
      throw CommandException.cannotRun(
          "TLS with " + address() + ": " + why(e) + "; --ca FILE names the certificates to trust");
    } catch (ConnectException
        | NoRouteToHostException
        | SocketTimeoutException
        | UnknownHostException e) {
      return null;
    } catch (IOException e) {
      throw CommandException.cannotRun(
          "what listens on "
              + address()
              + " does not speak HTTP as it should ("
              + Reasons.of(e)
              + "); if it speaks TLS, write https://HOST:PORT");
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          "--http: '" + address + "' is not an ADDR:PORT, https://HOST:PORT or unix:PATH");
    }
  }

  /** In words, where Java names classes. */
  private static String why(SSLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathBuilderException) {
        return "nobody who is trusted here has signed its certificate";
      }
    }
    return Reasons.of(e);
  }

  private Answer overNetwork(String method, String pathAndQuery) throws IOException {
    URI uri = URI.create(address() + pathAndQuery);
    if (!(uri.toURL().openConnection(Proxy.NO_PROXY) instanceof HttpURLConnection connection)) {
      throw new IllegalArgumentException("not HTTP");
    }
    if (tls != null && connection instanceof HttpsURLConnection secured) {
      secured.setSSLSocketFactory(tls);
    }
    connection.setRequestMethod(method);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setRequestProperty("X-Meridian-Request", "1");
    if (token != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token);
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(status, body);
    }
  }

  /** Asks a server that has to be there; its errors become ours. */
  JsonNode askOrFail(String method, String pathAndQuery) {
    Answer answer = ask(method, pathAndQuery);
    if (answer == null) {
      throw nobody();
    }
    JsonNode json = answer.json(address());
    if (answer.status() != 200) {
      throw refused(answer, json);
    }
    return json;
  }

  /** That nobody listens. */
  CommandException nobody() {
    return CommandException.cannotRun(
        "no server answers on "
            + address()
            + "; start one with 'meridian serve', or name its address with --http");
  }

  /** What a server says instead of doing what it was asked for. */
  static CommandException refused(Answer answer, JsonNode problem) {
    String how = answer.status() == 401 ? "; give it with --token or MERIDIAN_TOKEN" : "";
    String why = "the server refused: " + problem.path("detail").asText(answer.body()) + how;
    return isAboutInput(answer.status())
        ? CommandException.refused(why)
        : CommandException.cannotRun(why);
  }

  /** Whether what was asked for is wrong, and not who asks, how often, or the server. */
  private static boolean isAboutInput(int status) {
    return switch (status) {
      case 400, 404, 409, 413, 414, 422 -> true;
      default -> false;
    };
  }
}
