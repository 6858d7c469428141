package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LogOutputTest {
  private static final byte[] LINE = "x".repeat(999).concat("\n").getBytes(StandardCharsets.UTF_8);

  @Test
  void whatIsSaidIsWrittenInItsOrderByTheEnd() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogOutput log = new LogOutput(out);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      String line = "line " + i + "\n";
      log.write(line.getBytes(StandardCharsets.UTF_8));
      expected.append(line);
    }
    log.close(Duration.ofSeconds(60));
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString());
  }

  @Test
  void whoeverDoesNotReadDelaysNobodyAndLearnsWhatIsLost() throws Exception {
    try (PipedInputStream reader = new PipedInputStream(1024)) {
      PipedOutputStream out = new PipedOutputStream(reader);
      LogOutput log = new LogOutput(out);
      int said = 2 * LogOutput.MAX_WAITING / LINE.length;
      for (int i = 0; i < said; i++) {
        log.write(LINE, 0, LINE.length); // returns, though nobody reads
      }
      Thread end = Thread.ofPlatform().start(() -> close(log, out));
      String read = new String(reader.readAllBytes(), StandardCharsets.UTF_8);
      end.join();
      long written = read.lines().filter(line -> line.startsWith("x")).count();
      assertThat(written).isBetween(LogOutput.MAX_WAITING / 1000L - 1, said - 1L);
      assertThat(read)
          .endsWith(
              said - written + " pieces of the log are lost: they could not be written in time\n");
    }
  }

  private static void close(LogOutput log, OutputStream out) {
    try (out) {
      log.close(Duration.ofSeconds(60));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theEndDoesNotWaitForSomebodyWhoDoesNotRead() throws Exception {
    try (PipedInputStream reader = new PipedInputStream(16)) {
      LogOutput log = new LogOutput(new PipedOutputStream(reader));
      log.write(LINE);
      log.close(Duration.ofMillis(1));
      assertThat(reader.available()).isLessThanOrEqualTo(16);
    }
  }

  @Test
  void whatADiskHadNoRoomForIsWrittenWhenThereIsRoom() throws Exception {
    ByteArrayOutputStream disk = new ByteArrayOutputStream();
    CountDownLatch refused = new CountDownLatch(1);
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int octet) {
            throw new AssertionError("whole lines are written");
          }

          @Override
          public void write(byte[] octets, int from, int length) throws IOException {
            if (refused.getCount() > 0) {
              refused.countDown();
              throw new IOException("No space left on device");
            }
            disk.write(octets, from, length);
          }
        };
    LogOutput log = new LogOutput(full);
    log.write(LINE);
    refused.await();
    log.write(LINE);
    log.close(Duration.ofSeconds(60));
    assertThat(disk.toByteArray()).startsWith(LINE).endsWith(LINE).hasSize(2 * LINE.length);
  }

  @Test
  void aReaderWhoHasGoneIsNoReasonToFail() throws Exception {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    LogOutput log = new LogOutput(gone);
    for (int i = 0; i < 3000; i++) {
      log.write(LINE, 0, LINE.length);
    }
    log.close(Duration.ofSeconds(60));
  }
}
