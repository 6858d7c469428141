/** UDP and TCP front ends on Netty: sockets to {@code answer} and back. */
@NullMarked
package dev.meridian.transport;

import org.jspecify.annotations.NullMarked;
