package dev.meridian.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Puts files in their places whole or not at all. Only the owner of the process may read them. */
public final class DurableFile {
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  /** What is kept may be secret. */
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private DurableFile() {}

  /**
   * Writes beside the target, syncs, renames, and syncs the folder, which is made if need be. When
   * it returns, the octets are on the disk.
   *
   * @param draft in the target's folder; what was there is gone
   * @throws IOException if they cannot be kept; what was in the target's place stays
   */
  public static void write(Path target, Path draft, ByteBuffer octets) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Files.deleteIfExists(draft); // left by a sudden end, perhaps readable by others
    try (FileChannel channel = FileChannel.open(draft, NEW, OWNER_ONLY)) {
      while (octets.hasRemaining()) {
        channel.write(octets);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(draft); // it may have filled the disk
      throw e;
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(folder)) {
      directory.force(true); // or the rename itself may be lost
    }
  }
}
