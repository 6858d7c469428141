package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class QueryRingTest {
  @Test
  void whatFindsItFullIsLostAndCounted() {
    QueryRing ring = new QueryRing(4, 0);
    for (int i = 0; i < 4; i++) {
      assertThat(ring.claim()).isNotNull();
      ring.publish();
    }
    assertThat(ring.claim()).isNull();
    assertThat(ring.claim()).isNull();
    assertThat(ring.lost()).isEqualTo(2);
    assertThat(ring.peek()).isNotNull();
    ring.release();
    assertThat(ring.claim()).isNotNull();
  }

  @Test
  void whatIsClaimedAndNotPublishedIsNotSeen() {
    QueryRing ring = new QueryRing(2, 0);
    assertThat(ring.claim()).isNotNull();
    assertThat(ring.peek()).isNull();
    ring.publish();
    assertThat(ring.peek()).isNotNull();
  }

  @Test
  void aReaderBesideTheWriterSeesWholeRecordsInOrder() throws Exception {
    QueryRing ring = new QueryRing(64, 0);
    StateHolder states = new StateHolder();
    QueryContext context = new QueryContext(1);
    AtomicBoolean done = new AtomicBoolean();
    int total = 50_000;
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < total; i++) {
                    QueryRecord next = ring.claim();
                    if (next != null) {
                      context.source().setIpv4(i, 32);
                      context.begin(0, false);
                      next.fill(context, states.get(), 12, i);
                      ring.publish();
                    }
                  }
                  done.set(true);
                });
    long seen = 0;
    long last = -1;
    while (true) {
      boolean ended = done.get();
      QueryRecord record = ring.peek();
      if (record == null) {
        if (ended) {
          break;
        }
        Thread.onSpinWait();
        continue;
      }
      assertThat(record.nanos()).isGreaterThan(last).isEqualTo(record.source().low());
      last = record.nanos();
      ring.release();
      seen++;
    }
    writer.join();
    assertThat(seen + ring.lost()).isEqualTo(total);
  }

  @Test
  void theCapacityIsAPowerOfTwo() {
    assertThatThrownBy(() -> new QueryRing(3, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
