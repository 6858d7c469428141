/**
 * Owns all change: loads, validates and publishes snapshots, follows health, reloads, shuts down.
 */
@NullMarked
package dev.meridian.control;

import org.jspecify.annotations.NullMarked;
