package dev.meridian.policyfile;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.policyfile.CheckTemplates.Target;
import dev.meridian.policyfile.CheckTemplates.Template;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlValues;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys {@code health-check} and {@code port} of the endpoints of one file: which checks watch
 * them. A check is defined when something first needs it, from a template of the file, so that one
 * that nothing needs is never probed.
 */
final class EndpointChecks {
  private final YamlValues nodes;
  private final CheckTemplates templates;
  private final HealthRegistry registry;
  private final DomainName apex;
  private final List<HealthCheck> all = new ArrayList<>();

  EndpointChecks(
      YamlValues nodes, CheckTemplates templates, HealthRegistry registry, DomainName apex) {
    this.nodes = nodes;
    this.templates = templates;
    this.registry = registry;
    this.apex = apex;
  }

  /** All that have been defined so far. */
  List<HealthCheck> all() {
    return all;
  }

  /** What watches an endpoint; what is wrong in its keys is reported. */
  Watch of(String id, Mapping endpoint, List<InetAddress> addresses) {
    return new Watch(id, endpoint, addresses);
  }

  /** The check, if any, that watches one endpoint. */
  final class Watch {
    private final String id;
    private final List<InetAddress> addresses;
    private final boolean hasAddressKey;
    private final @Nullable YamlNode reference;
    private final @Nullable Template template;
    private final @Nullable Integer port;
    private final Map<InetAddress, Integer> indexes = new HashMap<>();

    /** Ids of checks that calculated ones are made from; two may share one. */
    private final Set<String> parts = new HashSet<>();

    private Watch(String id, Mapping mapping, List<InetAddress> addresses) {
      this.id = id;
      this.addresses = addresses;
      this.hasAddressKey = YamlValues.get(mapping, "address") != null;
      this.reference = YamlValues.get(mapping, "health-check");
      this.template = reference == null ? null : templates.use(reference);
      YamlNode portNode = YamlValues.get(mapping, "port");
      Long number = portNode == null ? null : nodes.integer(portNode, "port", 1, 65_535);
      this.port = number == null ? null : number.intValue();
      if (portNode != null && reference == null) {
        nodes
            .reporter()
            .error(portNode.position(), "port is for the health check, and there is none");
      }
    }

    /** Whether there is one. */
    boolean isWatching() {
      return template != null;
    }

    /** The endpoint's own. */
    List<InetAddress> addresses() {
      return addresses;
    }

    /** The number of the check of one address; {@link HealthRegistry#NONE} without one. */
    int of(InetAddress address) {
      return template == null
          ? HealthRegistry.NONE
          : indexes.computeIfAbsent(
              address, ignored -> define(template, new Target(address, null)));
    }

    /**
     * The check of records that are no addresses: that of the first address, of the check's own, or
     * of the name that they lead to.
     */
    int ofAll(@Nullable DomainName cname) {
      if (template == null || reference == null) {
        return HealthRegistry.NONE;
      }
      if (!addresses.isEmpty()) {
        return of(addresses.getFirst());
      }
      Target own = new Target(template.address(), template.name());
      boolean calculated = template.kind() instanceof CheckKind.Calculated;
      if (own.address() != null || own.name() != null || cname != null) {
        return define(template, template.isPlaced() && !calculated ? own : new Target(null, cname));
      }
      if (template.isPlaced() && !calculated) {
        return define(template, Target.NOWHERE);
      }
      if (hasAddressKey) {
        return HealthRegistry.NONE; // the address is wrong, and reported
      }
      nodes
          .reporter()
          .error(
              reference.position(),
              "endpoint '" + id + "' has no address to check; give the health check an 'address'");
      return HealthRegistry.NONE;
    }

    private int define(Template check, Target place) {
      String zone = apex.toString();
      String zoneName = zone.length() == 1 ? zone : zone.substring(0, zone.length() - 1);
      String target = place.text();
      String checkId = zoneName + "/" + id + (target.isEmpty() ? "" : "/" + target);
      return define(checkId, checkId, check, place);
    }

    /**
     * @param base begins the ids of the checks that a calculated one is made from
     */
    private int define(String checkId, String base, Template check, Target place) {
      try {
        all.add(check(checkId, base, check, place));
      } catch (IllegalArgumentException e) {
        long position = reference == null ? 0 : reference.position();
        nodes.reporter().error(position, String.valueOf(e.getMessage()));
        return HealthRegistry.NONE;
      }
      return registry.indexOf(checkId);
    }

    private HealthCheck check(String checkId, String base, Template check, Target place) {
      if (check.kind() instanceof CheckKind.Calculated calculated) {
        List<String> ids = new ArrayList<>();
        for (String name : calculated.checks()) {
          Template other = templates.get(name);
          String id = base + "/" + name;
          ids.add(id);
          if (other != null && parts.add(id)) {
            define(id, base, other, place);
          }
        }
        CheckKind kind = new CheckKind.Calculated(ids, calculated.healthy());
        return registry.guard().admit(check.check(checkId, kind, place));
      }
      return registry.guard().admit(check.check(checkId, check.kindOn(port), place));
    }
  }
}
