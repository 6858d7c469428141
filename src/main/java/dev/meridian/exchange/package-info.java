/**
 * Between Route 53 and the files of a folder: its JSON and traffic policies written as zone and
 * policy files, and the other way round. Only commands come here; a server never does.
 */
@NullMarked
package dev.meridian.exchange;

import org.jspecify.annotations.NullMarked;
