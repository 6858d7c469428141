/**
 * From files to a set that is ready to be served: watched, loaded, judged by the gate, kept on
 * disk, and gone back to. Who serves it is not known here.
 */
@NullMarked
package dev.meridian.publish;

import org.jspecify.annotations.NullMarked;
