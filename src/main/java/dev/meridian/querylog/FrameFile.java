package dev.meridian.querylog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A unidirectional stream in a file of its own: START, frames, STOP. A stream ends with STOP, so
 * one that is there already, from an earlier run, is moved aside: it gets the time of its last
 * change behind its name.
 */
final class FrameFile extends FrameStream {
  private final Path path;
  private final LogFile file;

  FrameFile(Path path) {
    this.path = path;
    this.file = new LogFile(path);
  }

  /** The file is opened with the first frame. */
  @Override
  boolean isOpen() {
    return true;
  }

  @Override
  void flush() throws IOException {
    if (waiting.position() == 0) {
      return;
    }
    waiting.flip();
    try {
      if (!file.isOpen()) {
        moveAside();
        file.openIfNeeded();
        file.write(control(START));
      }
      file.write(waiting);
    } catch (IOException e) {
      lose(1); // at least; half a frame ends what can be read of the file
      file.close();
      throw e;
    } finally {
      waiting.clear();
    }
  }

  private void moveAside() throws IOException {
    if (Files.isRegularFile(path) && Files.size(path) > 0) {
      Instant changed = Files.getLastModifiedTime(path).toInstant();
      Files.move(path, path.resolveSibling(path.getFileName() + "." + changed));
    }
  }

  @Override
  void look() throws IOException {
    if (file.isMoved()) {
      reopen();
    }
  }

  /** The old file gets its end, wherever it is now. */
  @Override
  void reopen() {
    close();
  }

  @Override
  public void close() {
    try {
      flush();
      file.writeIfOpen(control(STOP));
    } catch (IOException e) {
      lose(1);
    }
    file.close();
  }
}
