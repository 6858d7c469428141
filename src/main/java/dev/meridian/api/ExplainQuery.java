package dev.meridian.api;

import dev.meridian.answer.Explainer;
import dev.meridian.answer.Explanation;
import dev.meridian.answer.ServerState;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.net.Prefix;
import dev.meridian.policy.ClientSpace;
import dev.meridian.rr.RRType;
import dev.meridian.text.RefusedException;
import dev.meridian.wire.DomainName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A question to be explained.
 *
 * @param client as whom to ask
 * @param health what to assume of health checks, by id, instead of what is so
 */
public record ExplainQuery(DomainName name, int type, Prefix client, Map<String, Boolean> health) {
  /** Who asks if nobody is named: this host. */
  private static final String DEFAULT_CLIENT = "127.0.0.1";

  private static final Pattern WITHOUT_SECONDS = Pattern.compile("[Tt]\\d\\d:\\d\\d(?:[Zz]|[+-])");

  /**
   * Reads a question as people write it.
   *
   * @param type a mnemonic or TYPEnnn; A if absent
   * @param client an address or prefix
   * @param health {@code ID=up} or {@code ID=down}
   * @throws RefusedException with a sentence
   */
  public static ExplainQuery parse(
      String name, Optional<String> type, Optional<String> client, List<String> health) {
    int rrType =
        RRType.parse(type.orElse("A"))
            .orElseThrow(() -> new RefusedException("'" + type.orElse("") + "' is not an RR type"));
    Map<String, Boolean> assumed = new LinkedHashMap<>();
    for (String each : health) {
      int equals = each.lastIndexOf('=');
      String state = each.substring(equals + 1);
      if (equals < 1 || !(state.equals("up") || state.equals("down"))) {
        throw new RefusedException("'" + each + "' is not of the form ID=up or ID=down");
      }
      assumed.put(each.substring(0, equals), state.equals("up"));
    }
    return new ExplainQuery(
        RefusedException.reading(() -> DomainName.parse(name, DomainName.ROOT)),
        rrType,
        RefusedException.reading(() -> Prefix.parse(client.orElse(DEFAULT_CLIENT))),
        assumed);
  }

  /**
   * Reads a moment as people write it, such as {@code 2026-11-22T14:03Z}. One without seconds is
   * the last second of its minute: who has just read the clock means what has happened by now.
   *
   * @throws RefusedException with a sentence
   */
  public static Instant time(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      return (WITHOUT_SECONDS.matcher(text).find() ? time.withSecond(59) : time).toInstant();
    } catch (DateTimeParseException e) {
      throw new RefusedException(
          "'" + text + "' is not a time such as 2026-11-22T14:03Z or 2026-11-22T15:03:20+01:00", e);
    }
  }

  /**
   * Explains.
   *
   * @param numbers finds the number of a health check by its id
   * @throws RefusedException if a health check that is assumed does not exist
   */
  public Explanation explain(
      ServerState state,
      ClientSpace space,
      Function<String, Optional<Integer>> numbers,
      RandomGenerator random) {
    ServerState assumed = health.isEmpty() ? state : state.with(assumed(state, numbers));
    return new Explainer(assumed, space, client, random.nextLong()).explain(name, type);
  }

  private EligibilitySnapshot assumed(
      ServerState state, Function<String, Optional<Integer>> numbers) {
    EligibilitySnapshot eligibility = state.eligibility();
    for (Map.Entry<String, Boolean> each : health.entrySet()) {
      int check =
          numbers
              .apply(each.getKey())
              .orElseThrow(
                  () ->
                      new RefusedException(
                          "there is no health check '"
                              + each.getKey()
                              + "'; 'meridian states' lists them"));
      eligibility = eligibility.with(check, each.getValue());
    }
    return eligibility;
  }
}
