/** What was asked and answered, written down: the query log and dnstap, beside the query path. */
@NullMarked
package dev.meridian.querylog;

import org.jspecify.annotations.NullMarked;
