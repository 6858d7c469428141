/**
 * Owns all change: puts states into service, follows health, reloads, hands over to another
 * process, shuts down.
 */
@NullMarked
package dev.meridian.control;

import org.jspecify.annotations.NullMarked;
