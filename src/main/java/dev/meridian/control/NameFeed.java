package dev.meridian.control;

import dev.meridian.rr.ResolvedNames;
import dev.meridian.wire.DomainName;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Addresses of names that others serve, as {@link Control} needs them. */
interface NameFeed {
  /** Resolves nothing. */
  NameFeed NONE =
      new NameFeed() {
        @Override
        public CompletableFuture<?> want(Set<DomainName> names) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public ResolvedNames names() {
          return ResolvedNames.EMPTY;
        }
      };

  /**
   * Makes these all the names that are to be known.
   *
   * @return completes, never exceptionally, when all are known or have waited long enough
   */
  CompletableFuture<?> want(Set<DomainName> names);

  /** What is known now. */
  ResolvedNames names();
}
