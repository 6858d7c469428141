package dev.meridian.querylog;

import java.io.IOException;

/** Where entries go. Used by the one thread of the log; none of its methods may wait for long. */
interface Sink extends AutoCloseable {
  /** Takes an entry, whose record is good only until this returns. */
  void add(Entry entry) throws IOException;

  /** Hands on what it has taken so far. Called whenever no more entries wait, and now and then. */
  void flush() throws IOException;

  /** Looks whether a file was moved away; about once a second. */
  void look() throws IOException;

  /** Opens its file anew. */
  void reopen();

  /** How many entries it could not write. */
  long lost();

  @Override
  void close();
}
