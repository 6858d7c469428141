package dev.meridian.zone;

/** How a look-up in one zone ends, RFC 1034 §4.3.2. */
public enum LookupResult {
  /** The RRset asked for exists (step 3a), perhaps by a wildcard (step 3c). */
  ANSWER,
  /** The name exists, or a wildcard covers it, but not with this type. RFC 2308 §2.2. */
  NODATA,
  /** Neither the name nor anything below it exists. RFC 2308 §2.1, RFC 8020. */
  NXDOMAIN,
  /** The name is at or below a zone cut (step 3b). */
  REFERRAL,
  /** The name is an alias; the query goes on with its target (step 3a). */
  CNAME,
  /** The name lies below a DNAME; the query goes on with the name substituted. RFC 6672 §3.2. */
  DNAME
}
