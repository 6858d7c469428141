package dev.meridian.zone;

import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * What the upper layer of a zone was made from. Never changed once it is part of a zone.
 *
 * @param edits by name, all records of the zone file that it has now; none: it has none
 * @param hidden nodes of the lower layer that the upper one has in their place
 * @param hiddenRRsets how many RRsets those have
 * @param present how many nodes of the upper layer exist; the others are names that are gone
 */
record Amendment(
    Map<DomainName, List<RRset>> edits, BitSet hidden, int hiddenRRsets, int present) {}
