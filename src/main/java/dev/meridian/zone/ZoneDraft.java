package dev.meridian.zone;

import dev.meridian.net.PrefixSet;
import dev.meridian.policy.PlacedEndpoint;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.wire.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * A zone that is being made, for those who add what policies answer: from nothing ({@link
 * ZoneBuilder}) or from the zone of before ({@link ZonePatch}). Owned by one thread.
 */
public sealed interface ZoneDraft extends ZoneRecords permits ZoneBuilder, ZonePatch {
  /** Has policies answer for a name and type; there must be no record of that type. */
  void addRouted(DomainName owner, RoutedRRset rrset);

  /** Notes an endpoint that the zone's policies are written with. */
  void addEndpoint(PlacedEndpoint endpoint);

  /** Confines the zone to clients with these addresses; null: everybody may ask. */
  void confineTo(@Nullable PrefixSet clients);
}
