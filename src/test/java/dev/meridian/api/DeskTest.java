package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Asking;
import dev.meridian.testkit.Check;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks the API for more than it can think of takes nothing from those who ask for names. */
class DeskTest {
  private static final int MANY = 1000;

  @TempDir private Path folder;

  @Test
  @Check("S114")
  void whatIsTooMuchIsTurnedAwayAndNamesAreAnsweredMeanwhile() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7));
        Desk desk = new Desk(server)) {
      List<CompletableFuture<Reply>> replies = new ArrayList<>();
      replies.add(desk.run(() -> thinkUntil(done, begun)).toCompletableFuture());
      assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
      for (int i = 1; i < MANY; i++) {
        replies.add(desk.run(() -> Reply.text(200, "thought of")).toCompletableFuture());
      }
      assertThat(replies.stream().filter(CompletableFuture::isDone))
          .hasSize(MANY - 1 - Desk.MAX_WAITING)
          .allMatch(reply -> reply.join().status() == 503);
      for (int i = 0; i < 20; i++) {
        assertThat(
                Asking.udp(server.addresses().getFirst(), Answering.query("www.example.org.", "A")))
            .isNotNull();
      }
      done.countDown();
      replies.forEach(CompletableFuture::join);
    }
  }

  private static Reply thinkUntil(CountDownLatch done, CountDownLatch begun) {
    begun.countDown();
    try {
      assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Reply.text(200, "thought of");
  }
}
