/**
 * Route 53's JSON as it is served: record sets, health checks and CIDR collections, read into the
 * same parts that zone and policy files are read into.
 */
@NullMarked
package dev.meridian.route53;

import org.jspecify.annotations.NullMarked;
