package dev.meridian.load;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CheckTemplates.Template;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The health checks that branches of policies name for themselves: one for each name, however many
 * branches name it, with the id {@code <zone>/<name>}. It probes the address that the check itself
 * has, for a branch may lead to many endpoints or to none.
 */
final class BranchChecks {
  private final PolicyNodes nodes;
  private final CheckTemplates templates;
  private final HealthRegistry registry;
  private final DomainName apex;
  private final Map<String, HealthCheck> checks = new LinkedHashMap<>();

  BranchChecks(
      PolicyNodes nodes, CheckTemplates templates, HealthRegistry registry, DomainName apex) {
    this.nodes = nodes;
    this.templates = templates;
    this.registry = registry;
    this.apex = apex;
  }

  /** Those defined so far. */
  List<HealthCheck> checks() {
    return List.copyOf(checks.values());
  }

  /** The check that a node names; {@link HealthRegistry#NONE} after an error. */
  int of(YamlNode reference) {
    Template template = templates.use(reference);
    String name = template == null ? null : nodes.text(reference, "health-check");
    if (template == null || name == null) {
      return HealthRegistry.NONE;
    }
    InetAddress address = template.address();
    if (address == null) {
      nodes
          .reporter()
          .error(
              reference.position(),
              "health check '"
                  + name
                  + "' watches a branch here and needs an 'address' of its own");
      return HealthRegistry.NONE;
    }
    String zone = apex.toString();
    String zoneName = zone.length() == 1 ? zone : zone.substring(0, zone.length() - 1);
    String id = zoneName + "/" + name;
    try {
      checks.put(id, new HealthCheck(id, address, template.kind(), template.settings()));
      return registry.indexOf(id);
    } catch (IllegalArgumentException e) {
      nodes.reporter().error(reference.position(), String.valueOf(e.getMessage()));
      return HealthRegistry.NONE;
    }
  }
}
