package dev.meridian.judge;

import dev.meridian.judge.Judgement.Answer;
import dev.meridian.judge.Wire.Response;
import dev.meridian.net.Prefix;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Puts questions, each as often as it takes, while one state of health lasts. */
final class Hearing {
  private static final int THROWS = 12;
  private static final int MANY_THROWS = 400;

  /** One in so many questions of chance is put many times. */
  private static final int COUNTED = 12;

  /** So far from its share a count may be; less often than once in ten million it is farther. */
  private static final double SIGMAS = 5.5;

  private static final int NEIGHBOURS = 8;
  private static final int SHOWN = 6;

  private final Wire wire;
  private final Judge judge;
  private final Networks networks;
  private final Random random;
  private final String where;
  private final Tally tally;

  Hearing(Wire wire, Judge judge, Networks networks, Random random, String where, Tally tally) {
    this.wire = wire;
    this.judge = judge;
    this.networks = networks;
    this.random = random;
    this.where = where;
    this.tally = tally;
  }

  void hear(Question question) throws IOException {
    Judgement judgement = judged(question);
    if (judgement.close()) {
      tally.close++;
      return;
    }
    boolean counted = random.nextInt(COUNTED) == 0;
    int times = judgement.answers().isCertain() ? 1 : counted ? MANY_THROWS : THROWS;
    Map<Answer, Integer> seen = new HashMap<>();
    boolean cut = false;
    Response last = null;
    for (int i = 0; i < times; i++) {
      last = wire.ask(question);
      cut |= last.cut();
      seen.merge(last.answer(), 1, Integer::sum);
      if (!isPossible(question, judgement, last)) {
        return;
      }
    }
    if (times == MANY_THROWS && !cut) { // what was cut off is thrown for once more
      compareShares(question, judgement, seen);
    }
    if (last != null) {
      compareScope(question, judgement, last);
    }
  }

  private Judgement judged(Question question) {
    return judge.judge(question.name(), question.type(), Client.of(question.client(), networks));
  }

  private boolean isPossible(Question question, Judgement judgement, Response response) {
    tally.answers++;
    if (!judgement.answers().chances().containsKey(response.answer())) {
      differ(question, "answered " + response.answer() + ",\n  not one of " + shown(judgement));
      return false;
    }
    if (!response.authoritative()) {
      differ(question, "AA is not set");
      return false;
    }
    return true;
  }

  private static String shown(Judgement judgement) {
    return judgement.answers().chances().entrySet().stream()
        .limit(SHOWN)
        .map(each -> "%.3f %s".formatted(each.getValue(), each.getKey()))
        .collect(Collectors.joining("\n    "));
  }

  private void compareShares(Question question, Judgement judgement, Map<Answer, Integer> seen) {
    judgement
        .answers()
        .chances()
        .forEach(
            (answer, chance) -> {
              tally.shares++;
              double expected = MANY_THROWS * chance;
              double tolerance = SIGMAS * Math.sqrt(expected * (1 - chance)) + 1;
              int count = seen.getOrDefault(answer, 0);
              if (Math.abs(count - expected) > tolerance) {
                differ(question, count + " times, not " + expected + ": " + answer);
              }
            });
  }

  private void compareScope(Question question, Judgement judgement, Response given)
      throws IOException {
    Prefix subnet = question.subnet();
    int scope = given.scope();
    if (subnet == null) {
      if (scope >= 0) {
        differ(question, "a client subnet in the response, and none in the query");
      }
      return;
    }
    tally.scopes++;
    boolean matters = judgement.clientMatters() && subnet.length() > 0;
    if (scope < 0 || (scope > 0 && !matters)) {
      differ(question, "scope " + scope + ", but the client does not matter");
    } else if (matters && scope <= subnet.length()) { // if not, this is nobody else's answer
      compareNeighbours(question, subnet, judgement, given);
    }
  }

  /** Whoever is in the scope is answered alike. */
  private void compareNeighbours(
      Question question, Prefix subnet, Judgement judgement, Response given) throws IOException {
    Prefix scope = new Prefix(subnet.ipv4(), subnet.high(), subnet.low(), given.scope());
    for (int i = 0; i < NEIGHBOURS; i++) {
      Question other = question.from(neighbour(scope));
      Judgement judged = judged(other);
      if (judged.close()) {
        continue;
      }
      boolean alike =
          isChain(given)
              ? judged.answers().chances().containsKey(given.answer())
              : judged.answers().equals(judgement.answers());
      if (!alike) {
        differ(question, "scope " + scope + ", but " + other.subnet() + " is answered otherwise");
      }
      if (i == 0) {
        isPossible(other, judged, wire.ask(other));
      }
    }
  }

  private Prefix neighbour(Prefix scope) {
    Prefix address = Inside.of(scope, random);
    int length = random.nextInt(Math.max(scope.length(), 1), (scope.ipv4() ? 32 : 64) + 1);
    return new Prefix(scope.ipv4(), address.high(), address.low(), length);
  }

  /** What one CNAME leads to may hang on the client, and what another leads to may not. */
  private static boolean isChain(Response given) {
    return given.answer().records().stream().anyMatch(text -> text.contains(" CNAME "));
  }

  private void differ(Question question, String what) {
    tally.differ(where + " " + question + ":\n  " + what);
  }
}
