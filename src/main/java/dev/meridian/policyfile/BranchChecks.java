package dev.meridian.policyfile;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.policyfile.CheckTemplates.Template;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlValues;
import dev.meridian.wire.DomainName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The health checks that branches of policies name for themselves: one for each name, however many
 * branches name it, with the id {@code <zone>/<name>}. It probes the address that the check itself
 * has, for a branch may lead to many endpoints or to none.
 */
final class BranchChecks {
  private final YamlValues nodes;
  private final CheckTemplates templates;
  private final HealthRegistry registry;
  private final DomainName apex;
  private final Map<String, HealthCheck> checks = new LinkedHashMap<>();

  BranchChecks(
      YamlValues nodes, CheckTemplates templates, HealthRegistry registry, DomainName apex) {
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
    return define(reference, name, template);
  }

  private int define(YamlNode reference, String name, Template template) {
    if (!template.isPlaced()) {
      nodes
          .reporter()
          .error(
              reference.position(),
              "health check '"
                  + name
                  + "' watches a branch here and needs an 'address' of its own");
      return HealthRegistry.NONE;
    }
    String id = id(name);
    try {
      CheckKind kind =
          template.kind() instanceof CheckKind.Calculated whole
              ? parts(reference, whole)
              : template.kind();
      HealthCheck check = template.check(id, kind, CheckTemplates.Target.NOWHERE);
      checks.put(id, registry.guard().admit(check));
      return registry.indexOf(id);
    } catch (IllegalArgumentException e) {
      nodes.reporter().error(reference.position(), String.valueOf(e.getMessage()));
      return HealthRegistry.NONE;
    }
  }

  /** Defines what a calculated check is made from; the templates have no circles. */
  private CheckKind.Calculated parts(YamlNode reference, CheckKind.Calculated whole) {
    for (String name : whole.checks()) {
      Template part = templates.get(name);
      if (part != null && !checks.containsKey(id(name))) {
        define(reference, name, part);
      }
    }
    return new CheckKind.Calculated(
        whole.checks().stream().map(this::id).toList(), whole.healthy());
  }

  private String id(String name) {
    String zone = apex.toString();
    return (zone.length() == 1 ? zone : zone.substring(0, zone.length() - 1)) + "/" + name;
  }
}
