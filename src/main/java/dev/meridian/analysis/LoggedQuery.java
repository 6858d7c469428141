package dev.meridian.analysis;

import dev.meridian.net.Prefix;
import dev.meridian.wire.DomainName;

/**
 * A query that somebody made.
 *
 * @param client its client subnet, or its source
 */
public record LoggedQuery(Prefix client, DomainName name, int type) {}
