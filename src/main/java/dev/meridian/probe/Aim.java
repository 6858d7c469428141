package dev.meridian.probe;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.Observation.Reason;
import dev.meridian.health.TargetGuard;
import dev.meridian.resolver.Resolver;
import dev.meridian.rr.ResolvedName;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns the name of a target into the address that one probe connects to: what was looked at is
 * what is connected to, so no second answer of a name server can come in between.
 *
 * <pre>
 * addresses, at least one of them allowed   one after the other, a probe each
 * addresses, none of them allowed           a failure, which names the first
 * known to have none                        a failure (Route 53: DNS resolution failed)
 * not known yet                             unknown
 * </pre>
 */
final class Aim {
  /** A name with more addresses is probed at the first ones. */
  private static final int MAX_ADDRESSES = 16;

  /** An address, or why there is none. */
  sealed interface Result {
    /** Where to connect. */
    record At(InetAddress address) implements Result {}

    /** Nowhere. */
    record Nowhere(Finding finding) implements Result {}
  }

  private final Supplier<Resolver> maker;
  private final TargetGuard guard;
  private @Nullable Resolver resolver;
  private Resolver.@Nullable Watch watch;

  /**
   * Resolves nothing yet.
   *
   * @param maker starts a resolver, when the first name is wanted
   * @param guard says which addresses of a name may be probed
   */
  Aim(Supplier<Resolver> maker, TargetGuard guard) {
    this.maker = maker;
    this.guard = guard;
  }

  /** Makes the names of these checks all that are kept resolved. */
  void define(Iterable<HealthCheck> checks) {
    List<DomainName> wanted = names(checks);
    if (wanted.isEmpty() && watch == null) {
      return;
    }
    Resolver.Watch watching = watch;
    if (watching == null) {
      Resolver started = maker.get();
      watching = started.watch(_ -> {});
      resolver = started;
      watch = watching;
    }
    watching.want(wanted);
  }

  void close() {
    if (resolver != null) {
      resolver.close();
    }
  }

  private ResolvedName known(DomainName name) {
    return resolver == null ? ResolvedName.unknown(name) : resolver.names().find(name);
  }

  /**
   * Where the next probe goes.
   *
   * @param turn counts a check's probes: the addresses take turns
   */
  Result take(DomainName name, long turn) {
    return take(known(name), turn, guard);
  }

  /** Where a probe goes, by what is known of the name. */
  static Result take(ResolvedName known, long turn, TargetGuard guard) {
    DomainName name = known.name();
    List<InetAddress> allowed = new ArrayList<>();
    String refused = "";
    for (InetAddress address : known.addresses()) {
      String refusal = guard.refusal(address);
      if (refusal == null && allowed.size() < MAX_ADDRESSES) {
        allowed.add(address);
      } else if (refusal != null && refused.isEmpty()) {
        refused = address.getHostAddress() + " " + refusal;
      }
    }
    if (!allowed.isEmpty()) {
      return new Result.At(allowed.get(Math.floorMod(turn, allowed.size())));
    }
    if (!refused.isEmpty()) {
      return nowhere(Reason.NAME_UNRESOLVED, name + " resolves to " + refused);
    }
    return known.isComplete()
        ? nowhere(Reason.NAME_UNRESOLVED, "DNS resolution failed: " + name + " has no address")
        : nowhere(Reason.NAME_UNKNOWN, "the address of " + name + " is not known yet");
  }

  private static Result nowhere(Reason reason, String detail) {
    return new Result.Nowhere(new Finding(reason, detail));
  }

  private static List<DomainName> names(Iterable<HealthCheck> checks) {
    List<DomainName> names = new ArrayList<>();
    for (HealthCheck check : checks) {
      DomainName name = check.name();
      if (name != null && check.isProbed()) {
        names.add(name);
      }
    }
    return names;
  }
}
