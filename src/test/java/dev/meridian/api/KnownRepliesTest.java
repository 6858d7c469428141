package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often is worked out what many ask alike. */
class KnownRepliesTest {
  private static final long MILLI = 1_000_000;

  private long now;
  private int worked;
  private final KnownReplies replies = new KnownReplies(() -> now);

  private Reply ask(String question, long change, long took) {
    return replies.get(
        question,
        change,
        () -> {
          worked++;
          now += took;
          return Reply.text(200, question);
        });
  }

  @Test
  void aReplyIsGoodForTenTimesWhatItTook() {
    Reply first = ask("a", 1, 5 * MILLI);
    now += 49 * MILLI;
    assertThat(ask("a", 1, 5 * MILLI)).isSameAs(first);
    now += MILLI;
    assertThat(ask("a", 1, 5 * MILLI)).isNotSameAs(first);
    assertThat(worked).isEqualTo(2);
  }

  @Test
  void noReplyIsOlderThanASecond() {
    ask("a", 1, 800 * MILLI);
    now += 1000 * MILLI;
    ask("a", 1, 800 * MILLI);
    assertThat(worked).isEqualTo(2);
  }

  @Test
  void afterAChangeNoReplyOfBeforeIsGood() {
    ask("a", 1, 100 * MILLI);
    ask("a", 2, 100 * MILLI);
    ask("b", 2, 100 * MILLI);
    assertThat(worked).isEqualTo(3);
  }

  @Test
  void whoeverWaitsForTheSameIsAnsweredTogether(@TempDir Path folder) throws Exception {
    AtomicInteger times = new AtomicInteger();
    CountDownLatch free = new CountDownLatch(1);
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 1));
        Desk desk = new Desk(server)) {
      CompletionStage<Reply> busy =
          desk.run(
              () -> {
                try {
                  free.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                return Reply.text(200, "");
              });
      CompletionStage<Reply> first =
          desk.share("a", () -> Reply.text(200, "" + times.addAndGet(1)));
      for (int i = 0; i < 200; i++) {
        assertThat(desk.share("a", () -> Reply.text(200, "" + times.addAndGet(1)))).isSameAs(first);
      }
      free.countDown();
      assertThat(first.toCompletableFuture().join().status()).isEqualTo(200);
      assertThat(busy.toCompletableFuture().join().status()).isEqualTo(200);
    }
    assertThat(times).hasValue(1);
  }
}
