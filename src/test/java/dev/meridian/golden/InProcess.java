package dev.meridian.golden;

import dev.meridian.answer.QueryContext;
import dev.meridian.answer.QueryProcessor;
import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** The zone {@code t.test.} with a policy file, asked thousands of times without sockets. */
final class InProcess {
  static final String ZONE =
      """
      $TTL 300
      @ SOA ns h 1 2 3 4 60
      @ NS ns.other.test.
      """;

  private final StateHolder states = new StateHolder();
  private final HealthRegistry registry = new HealthRegistry();
  private final QueryContext context;
  private final QueryProcessor processor = new QueryProcessor(states, 1232);

  /**
   * Serves a policy file.
   *
   * @param seed of the dice
   */
  InProcess(String policy, GeoDatabase geo, long seed) {
    Map<String, String> files = Map.of("t.test.zone", ZONE, "t.test.policy.yaml", policy);
    context = new QueryContext(seed);
    serve(
        ServerState.of(
            GoldenServer.compile(files, geo, registry).zones(), EligibilitySnapshot.ALL, 1));
  }

  /** Serves what was made elsewhere. */
  InProcess(ServerState state, long seed) {
    context = new QueryContext(seed);
    serve(state);
  }

  void serve(ServerState state) {
    states.publish(state);
  }

  ServerState state() {
    return states.get();
  }

  /** How many health checks the policy has; their numbers are below. */
  int checks() {
    return registry.size();
  }

  /** Sets the health of the checks of some endpoints. */
  void health(boolean up, String... endpoints) {
    EligibilitySnapshot next = state().eligibility();
    for (String endpoint : endpoints) {
      next = GoldenServer.health(next, registry, endpoint, up);
    }
    serve(state().with(next));
  }

  /** Sets the health of one check by its number. */
  void health(int check, boolean up) {
    serve(state().with(state().eligibility().with(check, up)));
  }

  /** The octets that answer what {@code dig} would ask from 127.0.0.1 over TCP. */
  byte[] octets(String dig) {
    byte[] query = Query.parse("dig " + dig).message();
    System.arraycopy(query, 0, context.request(), 0, query.length);
    context.source().setIpv4(0x7F000001, 32);
    context.begin(query.length, true);
    return Arrays.copyOf(context.response(), processor.process(context));
  }

  Message ask(String dig) {
    return Digest.parse(octets(dig));
  }

  /** The RDATA of the answer section, in the order of the response. */
  static List<String> answers(Message response) {
    return response.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
  }

  /**
   * The address in the first record behind the question {@code map.t.test. A}, whose owner is a
   * pointer.
   */
  static String firstAddress(byte[] response) {
    int rdata = 12 + 12 + 4 + 12;
    return (response[rdata] & 0xFF)
        + "."
        + response[rdata + 1]
        + "."
        + response[rdata + 2]
        + "."
        + response[rdata + 3];
  }

  /** The scope of a response to a query with client subnet. */
  static int scope(Message response) {
    for (EDNSOption option : response.getOPT().getOptions(EDNSOption.Code.CLIENT_SUBNET)) {
      return ((ClientSubnetOption) option).getScopePrefixLength();
    }
    throw new AssertionError("no client subnet in " + response);
  }

  /** How often each answer came; for answers of one record. */
  Map<String, Integer> shares(String dig, int queries) {
    Map<String, Integer> shares = new TreeMap<>();
    for (int i = 0; i < queries; i++) {
      shares.merge(String.join(" ", answers(ask(dig))), 1, Integer::sum);
    }
    return shares;
  }
}
