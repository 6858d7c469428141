package dev.meridian.master;

import org.jspecify.annotations.Nullable;

/**
 * What reading one master file leaves behind for the next: room for its text and for an entry. For
 * as many files as there are, one after the other; owned by one thread.
 */
public final class ReadingTools {
  private final MasterEntry entry = new MasterEntry();
  private final RdataReader rdata = new RdataReader();
  private byte @Nullable [] buffer;

  /** For the entries of a zone's own file; those that it includes have others. */
  MasterEntry entry() {
    return entry;
  }

  RdataReader rdata() {
    return rdata;
  }

  /** Room for the text of a zone's own file, or for a part of it. */
  byte[] buffer() {
    byte[] room = buffer;
    if (room == null) {
      room = new byte[MasterScanner.MAX_BUFFER];
      buffer = room;
    }
    return room;
  }
}
