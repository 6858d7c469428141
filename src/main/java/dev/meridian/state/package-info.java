/**
 * What a server keeps over a restart: files that are written whole or not at all, the lock that
 * makes it the only writer of them, the journal of all that changed, and the secrets of cookies.
 */
@NullMarked
package dev.meridian.state;

import org.jspecify.annotations.NullMarked;
