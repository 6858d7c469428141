package dev.meridian.judge;

import java.util.Set;

/**
 * What a question may be answered with.
 *
 * @param answers with their probabilities
 * @param clientMatters whether a policy that asks for the client can have a say
 * @param close whether less than can be known decided; then nobody can be held to it
 */
record Judgement(Lottery<Answer> answers, boolean clientMatters, boolean close) {
  /**
   * One answer.
   *
   * @param rcode {@code NOERROR}…
   * @param records the answer section, owner, TTL and all
   * @param soa the authority section of a negative answer
   */
  record Answer(String rcode, Set<String> records, Set<String> soa) {}
}
