/**
 * Policy files: health checks, endpoints, pools and routed records, from YAML to what {@code
 * policy} and {@code health} are made of. Nothing here opens a zone or compiles a policy.
 */
@NullMarked
package dev.meridian.policyfile;

import org.jspecify.annotations.NullMarked;
