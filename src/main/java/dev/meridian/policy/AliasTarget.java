package dev.meridian.policy;

import dev.meridian.wire.DomainName;

/**
 * The records of another name of the zones served, of the type asked for, under the owner that was
 * asked (Route 53 alias: invisible on the wire, TTL of the target).
 *
 * @param name of a zone served, or one elsewhere, of which the resolver knows the addresses
 */
public record AliasTarget(DomainName name) implements Target {}
