package dev.meridian.publish;

/**
 * What each file of a folder looks like, as two numbers of {@link FileMix}, and the sum of all of
 * them, which follows each change. A hundred thousand files take four megabytes: a table with open
 * addressing, in which the names stand in the even places and the states behind them. Owned by one
 * thread at a time.
 */
final class FileStates implements FolderLook.Sink {
  private static final long NONE = 0;
  private static final int LEAST = 64;

  private long[] table = new long[2 * LEAST];

  /** Places that are or were taken; a file that is gone leaves its name. */
  private int taken;

  private long first;
  private long second;

  /** One half of the sum. */
  long first() {
    return first;
  }

  /** The other half. */
  long second() {
    return second;
  }

  /** A file that looks like that now, whatever it looked like before. */
  @Override
  public void file(long name, long state) {
    set(place(name, table), name, state);
    if (4 * taken > table.length) { // half of the places
      grow();
    }
  }

  /** A file that is gone, or never was there. */
  void gone(long name) {
    int place = place(name, table);
    if (table[place] == name) {
      set(place, name, NONE);
    }
  }

  private void set(int place, long name, long state) {
    taken += table[place] == name ? 0 : 1;
    add(name, table[place + 1], -1);
    table[place] = name;
    table[place + 1] = state;
    add(name, state, 1);
  }

  private void add(long name, long state, int sign) {
    if (state != NONE) {
      first += sign * FileMix.first(name, state);
      second += sign * FileMix.second(name, state);
    }
  }

  /** Where a name stands or would stand. Names are spread evenly already. */
  private static int place(long name, long[] in) {
    int place = 2 * (int) name & in.length - 1;
    while (in[place] != name && in[place] != NONE) {
      place = place + 2 & in.length - 1;
    }
    return place;
  }

  private void grow() {
    long[] larger = new long[2 * table.length];
    taken = 0;
    for (int i = 0; i < table.length; i += 2) {
      if (table[i + 1] != NONE) {
        int place = place(table[i], larger);
        larger[place] = table[i];
        larger[place + 1] = table[i + 1];
        taken++;
      }
    }
    table = larger;
  }
}
