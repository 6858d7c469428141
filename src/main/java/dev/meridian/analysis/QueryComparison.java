package dev.meridian.analysis;

import dev.meridian.analysis.Comparison.QueryEffect;
import dev.meridian.analysis.Movement.Pair;
import dev.meridian.analysis.Side.Content;
import dev.meridian.answer.Outcome;
import dev.meridian.answer.Outcome.Ending;
import dev.meridian.answer.Outcomes;
import dev.meridian.answer.ServerState;
import dev.meridian.health.EligibilitySnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What becomes of queries that were made: each is asked of both revisions. */
final class QueryComparison {
  private static final int MAX_FLOWS = 20;

  private final ServerState before;
  private final ServerState after;

  QueryComparison(
      Revision before,
      EligibilitySnapshot healthyBefore,
      Revision after,
      EligibilitySnapshot healthy) {
    this.before = ServerState.of(before.set().zones(), healthyBefore, 1);
    this.after = ServerState.of(after.set().zones(), healthy, 2);
  }

  QueryEffect of(Map<LoggedQuery, Long> queries) {
    long total = queries.values().stream().mapToLong(Long::longValue).sum();
    double changed = 0;
    Map<Pair, Double> flows = new LinkedHashMap<>();
    for (Map.Entry<LoggedQuery, Long> each : queries.entrySet()) {
      Movement movement = movement(each.getKey());
      changed += movement.changed() * each.getValue();
      double weight = (double) each.getValue() / total;
      movement.flows().forEach((pair, share) -> flows.merge(pair, share * weight, Double::sum));
    }
    return new QueryEffect(total, changed, Flow.largest(flows, MAX_FLOWS));
  }

  private Movement movement(LoggedQuery query) {
    return Movement.between(contents(before, query), contents(after, query));
  }

  private static Map<Content, Double> contents(ServerState state, LoggedQuery query) {
    Outcome outcome = Outcomes.of(state, query.name(), query.type(), query.client());
    Map<Content, Double> contents = new LinkedHashMap<>();
    outcome
        .records()
        .forEach(
            (record, share) ->
                contents.put(
                    new Content(outcome.sources().getOrDefault(record, record), Set.of(record)),
                    share));
    outcome
        .endings()
        .forEach(
            (ending, share) -> {
              if (ending != Ending.ANSWER) {
                contents.put(new Content(ending.name(), Set.of(ending.name())), share);
              }
            });
    return contents;
  }
}
