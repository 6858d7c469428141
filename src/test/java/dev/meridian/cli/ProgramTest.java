package dev.meridian.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bin/meridian} and what it has the JVM run, around a JVM that only says how it is called.
 */
class ProgramTest {
  private static final Path DIST = Path.of("src/main/dist");
  private static final Instant PACKAGED = Instant.parse("2026-01-01T00:00:00Z");
  private static final String DAMAGED = "class-cache-damaged";

  @TempDir Path folder;
  private Path home;
  private Path cache;

  @BeforeEach
  void install() throws IOException {
    home = folder.resolve("a home");
    cache = home.resolve("lib/meridian.aot");
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    Files.createDirectories(home.resolve("runtime/bin"));
    Files.copy(DIST.resolve("bin/meridian"), home.resolve("bin/meridian"));
    Files.copy(DIST.resolve("lib/after-crash"), home.resolve("lib/after-crash"));
    Files.createFile(cache);
    Files.setLastModifiedTime(cache, FileTime.from(PACKAGED));
    java("printf '<%s>' \"$@\"");
  }

  @Test
  void usesTheClassCacheAndHasCrashesLookedInto() throws Exception {
    assertThat(start())
        .contains("<-XX:AOTCache=" + cache + ">")
        .contains("<-XX:OnError=sh '" + home + "/lib/after-crash' '" + home + "'>")
        .endsWith("<serve><--zones><a b>");
  }

  @Test
  void startsWithoutOneThatIsNotThere() throws Exception {
    Files.delete(cache);
    assertThat(start()).doesNotContain("AOTCache", "OnError", "damaged");
  }

  @Test
  void leavesOneAloneThatACrashHasFoundDamagedUntilThereIsANewerOne() throws Exception {
    java("echo '[0.034s][warning][aot] Checksum verification failed.' >&2");
    assertThat(crash()).contains(cache + " is damaged", "Install Meridian anew");
    assertThat(home.resolve("lib").resolve(DAMAGED)).exists();

    java("printf '<%s>' \"$@\"");
    assertThat(start()).contains("starting without the class cache").doesNotContain("AOTCache");
    Files.setLastModifiedTime(cache, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(start()).contains("AOTCache").doesNotContain("damaged");
  }

  @Test
  void blamesNoCacheThatIsWhole() throws Exception {
    java("echo 'openjdk version \"25\"' >&2");
    assertThat(crash()).isEmpty();
    assertThat(home.resolve("lib").resolve(DAMAGED)).doesNotExist();
  }

  @Test
  void saysWhatToDoWhereNothingCanBeMarked() throws Exception {
    java("echo 'Header checksum verification failed.'");
    assertThat(
            run("STATE_DIRECTORY=" + folder.resolve("none"), "sh", afterCrash(), home.toString()))
        .contains("is damaged; delete it");
  }

  @Test
  void marksInTheStateFolderThatSystemdNames() throws Exception {
    java("echo 'Checksum verification failed.'");
    String state = "STATE_DIRECTORY=" + folder;
    run(state, "sh", afterCrash(), home.toString());
    assertThat(folder.resolve(DAMAGED)).exists();
    java("printf '<%s>' \"$@\"");
    assertThat(run(state, "sh", home.resolve("bin/meridian").toString(), "serve"))
        .doesNotContain("AOTCache");
  }

  private String afterCrash() {
    return home.resolve("lib/after-crash").toString();
  }

  private String crash() throws Exception {
    return run("-u", "STATE_DIRECTORY", "sh", afterCrash(), home.toString());
  }

  private String start() throws Exception {
    String program = home.resolve("bin/meridian").toString();
    return run("-u", "STATE_DIRECTORY", "sh", program, "serve", "--zones", "a b");
  }

  /** Both outputs of what {@code env} runs. */
  private static String run(String... environmentAndCommand) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("env");
    builder.command().addAll(List.of(environmentAndCommand));
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private void java(String does) throws IOException {
    Path java = home.resolve("runtime/bin/java");
    Files.writeString(java, "#!/bin/sh\n" + does + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
