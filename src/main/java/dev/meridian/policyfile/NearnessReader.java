package dev.meridian.policyfile;

import dev.meridian.policy.Geoproximity;
import dev.meridian.policy.Latency;
import dev.meridian.policy.Weighted;
import dev.meridian.policyfile.Places.Place;
import dev.meridian.policyfile.PolicyBranches.Branch;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Sequence;
import dev.meridian.source.YamlValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads geoproximity and latency, whose branches have a place. */
final class NearnessReader {
  private static final int MAX_BIAS = 99;

  private final YamlValues nodes;
  private final Places places;

  NearnessReader(YamlValues nodes, Places places) {
    this.nodes = nodes;
    this.places = places;
  }

  Geoproximity geoproximity(YamlNode value, PolicyBranches children) {
    List<Geoproximity.Site> sites = new ArrayList<>();
    if (value instanceof Sequence) {
      for (YamlNode node : nodes.items(value, "geoproximity")) {
        Branch branch = children.readOnce(node, "bias", "location", "weight", "capacity");
        site(branch, branch == null ? null : branch.option("bias"), children, sites);
      }
    } else {
      for (Entry entry : nodes.entries(value, "geoproximity")) {
        site(children.readOnce(entry.key()), entry.value(), children, sites);
      }
    }
    return new Geoproximity(sites);
  }

  private void site(
      @Nullable Branch branch,
      @Nullable YamlNode biasNode,
      PolicyBranches children,
      List<Geoproximity.Site> sites) {
    Place place = branch == null ? null : place(branch, children);
    Long bias =
        biasNode == null ? Long.valueOf(0) : nodes.integer(biasNode, "a bias", -MAX_BIAS, MAX_BIAS);
    if (bias == null) {
      children.fail();
    } else if (branch != null && place != null) {
      sites.add(
          new Geoproximity.Site(
              branch.candidate(),
              place.coordinates(),
              bias.intValue(),
              weight(branch, children),
              capacity(branch)));
    }
  }

  private @Nullable Place place(Branch branch, PolicyBranches children) {
    YamlNode location = branch.option("location");
    if (location != null) {
      Place own = places.read(location);
      if (own == null) {
        children.fail();
      }
      return own;
    }
    Place place = branch.answer().place();
    if (place == null) {
      children.fail(
          branch.node(),
          "'"
              + branch.candidate().id()
              + "' has no location, which "
              + children.keyword()
              + " needs; give it one, or write { answer: …, location: … } here");
    }
    return place;
  }

  Latency latency(YamlNode value, PolicyBranches children) {
    List<Latency.Site> sites = new ArrayList<>();
    for (YamlNode node : nodes.items(value, "latency")) {
      Branch branch = children.readOnce(node, "location", "weight", "capacity");
      Place place = branch == null ? null : place(branch, children);
      if (branch != null && place != null) {
        String region = place.region() == null ? branch.candidate().id() : place.region();
        sites.add(
            new Latency.Site(
                branch.candidate(),
                region,
                place.coordinates(),
                weight(branch, children),
                capacity(branch)));
      }
    }
    return new Latency(sites);
  }

  /** The branch's own, else that of its answer. */
  private double capacity(Branch branch) {
    YamlNode own = branch.option("capacity");
    return own == null ? branch.answer().capacity() : nodes.capacity(own);
  }

  /** Among those that share; 1 if none is written, or after an error. */
  private long weight(Branch branch, PolicyBranches children) {
    YamlNode node = branch.option("weight");
    if (node == null) {
      return 1;
    }
    Long weight = nodes.integer(node, "a weight here", 1, Weighted.MAX_WEIGHT);
    if (weight == null) {
      children.fail();
      return 1;
    }
    return weight;
  }
}
