package dev.meridian.policyfile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.health.CheckKind;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlValues;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads who asks, as an HTTP request says it. No message repeats a secret, and one that stands in a
 * file of its own is in no diff of the policy file.
 */
final class CredentialsReader {
  static final List<String> KEYS = List.of("token", "token-file", "user", "password-file");

  private static final String HEADER = "Authorization";
  private static final int MAX_OCTETS = 4096;

  private final YamlValues nodes;
  private final Attachments files;

  CredentialsReader(YamlValues nodes, Attachments files) {
    this.nodes = nodes;
    this.files = files;
  }

  /** The check as whom it says. */
  CheckKind.@Nullable Http addTo(CheckKind.Http kind, Mapping mapping) {
    YamlNode written = YamlValues.get(mapping, "headers");
    String authorization = authorization(mapping);
    if (kind.request().hasHeader(HEADER) && written != null) {
      if (!authorization.isEmpty()) {
        nodes.reporter().error(written.position(), "there are credentials beside this " + HEADER);
        return null;
      }
      nodes
          .reporter()
          .warning(
              written.position(),
              "whoever reads this file, or a copy of it, reads this secret; token-file and"
                  + " password-file keep it out");
    }
    if (authorization.isEmpty()) {
      return kind;
    }
    Map<String, String> headers = new LinkedHashMap<>(kind.request().headers());
    headers.put(HEADER, authorization);
    return nodes.tried(
        mapping.position(), () -> kind.withRequest(kind.request().withHeaders(headers)));
  }

  /**
   * The value of the Authorization header (RFC 6750, RFC 7617): empty if nobody in particular asks,
   * or after an error that is reported.
   */
  String authorization(Mapping mapping) {
    YamlNode token = YamlValues.get(mapping, "token");
    YamlNode tokenFile = YamlValues.get(mapping, "token-file");
    YamlNode user = YamlValues.get(mapping, "user");
    YamlNode passwordFile = YamlValues.get(mapping, "password-file");
    if ((user == null) != (passwordFile == null)) {
      nodes
          .reporter()
          .error(mapping.position(), "user and password-file go together; write both or none");
      return "";
    }
    YamlNode second = token != null && tokenFile != null ? tokenFile : user;
    if (second != null && (token != null || tokenFile != null)) {
      nodes.reporter().error(second.position(), "one of token, token-file and user is enough");
      return "";
    }
    if (user != null && passwordFile != null) {
      return basic(user, passwordFile);
    }
    String secret = token != null ? nodes.text(token, "token") : null;
    secret = tokenFile != null ? secret(tokenFile, "token-file") : secret;
    return secret == null ? "" : "Bearer " + secret;
  }

  private String basic(YamlNode userNode, YamlNode passwordFile) {
    String user = nodes.text(userNode, "user");
    String password = secret(passwordFile, "password-file");
    if (user == null || password == null) {
      return "";
    }
    if (user.indexOf(':') >= 0) {
      nodes.reporter().error(userNode.position(), "a user's name has no colon (RFC 7617)");
      return "";
    }
    String both = user + ":" + password;
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
  }

  /** The only line of a file. */
  private @Nullable String secret(YamlNode node, String key) {
    String path = nodes.text(node, key);
    if (path == null) {
      return null;
    }
    try (InputStream in = files.open(path)) {
      String text = new String(in.readNBytes(MAX_OCTETS), UTF_8).strip();
      if (!text.isEmpty() && text.chars().noneMatch(Character::isISOControl)) {
        return text;
      }
      nodes.reporter().error(node.position(), path + " is not one line with a secret");
    } catch (IOException e) {
      nodes.reporter().error(node.position(), path + ": " + Reasons.of(e));
    }
    return null;
  }
}
