package dev.meridian.querylog;

import dev.meridian.answer.QueryChoice;
import dev.meridian.answer.QueryRecord;
import dev.meridian.answer.ServerState;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.policy.ClientSpace;
import dev.meridian.policy.Explained;
import dev.meridian.policy.Explained.Standing;
import dev.meridian.policy.PolicyExplainer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way through a policy tree to what it chose, in a line: {@code geolocation: EU AF (healthy,
 * preferred); failover: fra-1 (healthy, preferred)}. One class of clients and one choice have one
 * reason as long as nothing changes, so most are looked up. Owned by one thread.
 */
final class Reasons {
  /** Where there are more in one state, it begins anew. */
  private static final int MAX_KNOWN = 20_000;

  private record Key(int zone, int routed, int clientClass, List<Integer> leaves) {}

  private final Supplier<ClientSpace> space;
  private final Map<Key, String> known = new HashMap<>();
  private @Nullable ServerState state;

  Reasons(Supplier<ClientSpace> space) {
    this.space = space;
  }

  /** The reason of a choice of a record; empty if there is none to be found. */
  String of(QueryRecord record, QueryChoice choice) {
    ServerState now = record.state();
    if (now == null) {
      return "";
    }
    if (now != state || known.size() >= MAX_KNOWN) {
      state = now;
      known.clear();
    }
    Key key = new Key(choice.zone(), choice.number(), choice.clientClass(), choice.leaves());
    return known.computeIfAbsent(key, _ -> explain(record, now, choice));
  }

  private String explain(QueryRecord record, ServerState now, QueryChoice choice) {
    Prefix subnet = record.subnet();
    ClientAddress client = new ClientAddress();
    client.set(subnet == null || subnet.length() == 0 ? record.source() : subnet);
    Explained tree =
        new PolicyExplainer(
                choice.rrset(),
                space.get(),
                now.eligibility(),
                now.resolved(),
                now.decisions(choice.zone(), choice.number()),
                client)
            .explain();
    if (choice.leaves().isEmpty()) {
      return "nothing to answer with";
    }
    Deque<String> way = new ArrayDeque<>();
    find(tree, choice.rrset().leafId(choice.leaves().getFirst()), way);
    return String.join("; ", way);
  }

  /** Whether the endpoint is answered from here on; if so, the way to it is put before the rest. */
  private static boolean find(Explained node, String endpoint, Deque<String> way) {
    if (node.kind() == Explained.Kind.ENDPOINT) {
      return node.what().equals(endpoint);
    }
    for (Explained.Branch branch : node.branches()) {
      boolean answers = branch.standing() == Standing.CHOSEN || branch.standing() == Standing.DRAWN;
      if (answers && branch.node() != null && find(branch.node(), endpoint, way)) {
        way.addFirst(node.what() + ": " + branch.id() + " (" + branch.reason() + ")");
        return true;
      }
    }
    return false;
  }
}
