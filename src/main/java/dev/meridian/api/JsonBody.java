package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes one JSON value. */
@FunctionalInterface
interface JsonBody {
  /** Writes exactly one value; what it cannot write is a fault of the program. */
  void write(JsonGenerator json) throws IOException;
}
