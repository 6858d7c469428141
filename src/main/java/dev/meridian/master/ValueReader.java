package dev.meridian.master;

import dev.meridian.master.RdataReader.MalformedRdata;
import dev.meridian.wire.DomainName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads RDATA that stands alone, in presentation format, outside of a master file. */
public final class ValueReader {
  private final RdataReader rdata = new RdataReader();

  /**
   * Reads one value.
   *
   * @param origin what relative names are below
   * @throws MalformedRdata with a sentence; its token means nothing here
   */
  public byte[] read(int type, String text, DomainName origin) throws MalformedRdata {
    MasterEntry entry = new MasterEntry();
    byte[] line = (text.strip() + "\n").getBytes(StandardCharsets.UTF_8);
    List<String> mistakes = new ArrayList<>();
    try {
      MasterScanner scanner =
          new MasterScanner(new ByteArrayInputStream(line), new FirstMistake(mistakes));
      boolean some = scanner.next(entry);
      if (mistakes.isEmpty() && some) {
        byte[] value = rdata.read(type, entry, 0, origin);
        if (!scanner.next(new MasterEntry())) {
          return value;
        }
      }
    } catch (IOException e) {
      mistakes.add(String.valueOf(e.getMessage()));
    }
    throw new MalformedRdata(
        0,
        mistakes.isEmpty() ? "one value in presentation format is expected" : mistakes.getFirst());
  }

  /** Keeps what the scanner says; where in the text it is does not matter for a short value. */
  private record FirstMistake(List<String> messages) implements MasterScanner.Mistakes {
    @Override
    public void error(int line, int column, String message) {
      messages.add(message);
    }

    @Override
    public void warning(int line, int column, String message) {
      messages.add(message);
    }
  }
}
