package dev.meridian.probe;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.LatencyTable;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.policy.AliasResolver;
import dev.meridian.policy.AnswerShares;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Chances;
import dev.meridian.policy.ClientSpace;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.Failover;
import dev.meridian.policy.Geoproximity;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.PolicyCompiler;
import dev.meridian.policy.PolicyException;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.policy.Target;
import dev.meridian.policy.Weighted;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Names that are answered by every policy over the same endpoints, to see what a state of health
 * makes of them: somebody is always answered, and all of every class's answers are somebody's.
 */
final class WorldAnswers {
  private static final AliasResolver NO_ALIASES =
      new AliasResolver() {
        @Override
        public @Nullable RoutedName routed(DomainName name, int type) {
          return null;
        }

        @Override
        public boolean isElsewhere(DomainName name) {
          return false;
        }

        @Override
        public @Nullable RRset records(DomainName name, int type) {
          return null;
        }
      };

  private final List<RoutedRRset> names = new ArrayList<>();

  /** Over endpoints that these checks watch. */
  WorldAnswers(int[] checks) {
    List<Candidate> all = IntStream.range(0, checks.length).mapToObj(i -> at(i, checks)).toList();
    List<Candidate> some = all.subList(0, Math.min(3, all.size()));
    List<Candidate> others = all.subList(all.size() / 2, all.size());
    Weighted weighted =
        new Weighted(
            IntStream.range(0, all.size())
                .mapToObj(i -> new Weighted.Share(all.get(i), i % 3))
                .toList());
    Geoproximity near =
        new Geoproximity(
            IntStream.range(0, all.size())
                .mapToObj(i -> new Geoproximity.Site(all.get(i), new Coordinates(i, i), 0))
                .toList());
    PolicyCompiler compiler =
        new PolicyCompiler(new ClientSpace(GeoDatabase.EMPTY, LatencyTable.EMPTY), NO_ALIASES);
    for (Target target :
        List.of(
            weighted,
            near,
            new MultivalueAnswer(all, 8),
            new Failover(some),
            new Failover(List.of(Candidate.of("near", near), Candidate.of("all", weighted))),
            new Weighted(
                List.of(
                    new Weighted.Share(Candidate.of("some", new Failover(some)), 3),
                    new Weighted.Share(
                        Candidate.of("others", new MultivalueAnswer(others, 2)), 1))))) {
      names.add(compiled(compiler, target));
    }
  }

  private static Candidate at(int number, int[] checks) {
    RRset records = new RRset(RRType.A, 60, List.of(new byte[] {(byte) 192, 0, 2, (byte) number}));
    Endpoint endpoint =
        new Endpoint("e" + number, List.of(new Endpoint.Member(records, checks[number])));
    return Candidate.of(endpoint.id(), endpoint);
  }

  private static RoutedRRset compiled(PolicyCompiler compiler, Target target) {
    try {
      AliasResolver.RoutedName name =
          new AliasResolver.RoutedName(DomainName.parse("www.example."), target, 60);
      return compiler.compile(name, RRType.A).orElseThrow();
    } catch (PolicyException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** What is wrong with the answers in a state of health; empty if nothing is. */
  List<String> wrongIn(EligibilitySnapshot health) {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      RoutedRRset name = names.get(i);
      Decisions decisions = name.decide(health);
      for (int clientClass = 0; clientClass < name.clientClasses(); clientClass++) {
        Chances chances = name.chances(decisions, clientClass);
        double shared = Arrays.stream(AnswerShares.of(name, decisions, clientClass)).sum();
        if (chances.none() > 0 || chances.failure() > 1e-12) {
          wrong.add("name " + i + " has no answer in some of " + chances.none());
        } else if (Math.abs(shared - 1) > 1e-9) {
          wrong.add("name " + i + " shares out " + shared + " of its answers");
        }
      }
    }
    return wrong;
  }
}
