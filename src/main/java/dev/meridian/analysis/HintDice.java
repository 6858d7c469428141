package dev.meridian.analysis;

import dev.meridian.policy.Candidate;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.NearestFirst;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Target;
import dev.meridian.policy.Weighted;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where dice decide about addresses and about service bindings with hints of them: thrown for each
 * question, they may hint at one endpoint and lead to another, while clients may begin at the hint
 * and go on at the address (RFC 9460 §7.3).
 *
 * <pre>
 * dice                       thrown
 * weighted                   among the weights above 0; without any, among all
 * multivalue                 if it has more candidates than it answers with
 * geoproximity, latency      among those within the band
 * any of them, sticky        not at all: the client decides, alike for all types
 * </pre>
 */
final class HintDice {
  /** {@code ipv4hint} and {@code ipv6hint}. */
  private static final int IPV4_HINT = 4;

  private static final int IPV6_HINT = 6;

  private HintDice() {}

  /** The first two candidates of which one may be hinted at while the other answers, or none. */
  static List<Candidate> atOdds(RoutingPolicy policy) {
    List<Candidate> hinted = thrown(policy).stream().filter(c -> isHinted(c.target())).toList();
    return hinted.size() < 2 ? List.of() : hinted.subList(0, 2);
  }

  private static List<Candidate> thrown(RoutingPolicy policy) {
    return switch (policy) {
      case Weighted weighted when weighted.sticky() == null -> weights(weighted);
      case MultivalueAnswer some
          when some.sticky() == null && some.candidates().size() > some.max() ->
          some.candidates();
      case NearestFirst near when near.band() != null && near.band().sticky() == null ->
          near.candidates();
      default -> List.of();
    };
  }

  private static List<Candidate> weights(Weighted policy) {
    List<Candidate> positive = new ArrayList<>();
    for (Weighted.Share share : policy.shares()) {
      if (share.weight() > 0) {
        positive.add(share.candidate());
      }
    }
    return positive.isEmpty() ? policy.candidates() : positive;
  }

  /** Whether an endpoint below answers with addresses and with hints at them. */
  private static boolean isHinted(Target target) {
    return switch (target) {
      case Endpoint endpoint -> hasAddress(endpoint) && hasHint(endpoint);
      case RoutingPolicy policy ->
          policy.candidates().stream().anyMatch(candidate -> isHinted(candidate.target()));
      default -> false;
    };
  }

  private static boolean hasAddress(Endpoint endpoint) {
    return endpoint.member(RRType.A) != null || endpoint.member(RRType.AAAA) != null;
  }

  private static boolean hasHint(Endpoint endpoint) {
    return endpoint.members().stream()
        .map(Endpoint.Member::records)
        .filter(records -> records.type() == RRType.HTTPS || records.type() == RRType.SVCB)
        .anyMatch(HintDice::hasHint);
  }

  private static boolean hasHint(RRset records) {
    for (int i = 0; i < records.size(); i++) {
      if (isHint(records.rdata(i))) {
        return true;
      }
    }
    return false;
  }

  /** Priority, target, parameters; of another target, the owner's addresses say nothing. */
  private static boolean isHint(byte[] rdata) {
    ByteBuffer in = ByteBuffer.wrap(rdata).position(Short.BYTES);
    boolean owner = in.get() == 0;
    while (owner && in.hasRemaining()) {
      int key = in.getShort();
      int length = Short.toUnsignedInt(in.getShort());
      if (key == IPV4_HINT || key == IPV6_HINT) {
        return true;
      }
      in.position(in.position() + length);
    }
    return false;
  }
}
