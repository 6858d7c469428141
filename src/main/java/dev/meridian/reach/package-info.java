/** Who is answered what, over all the world: now, when all is well, and in a model. */
@NullMarked
package dev.meridian.reach;

import org.jspecify.annotations.NullMarked;
