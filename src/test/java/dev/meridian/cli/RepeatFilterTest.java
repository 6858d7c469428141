package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatFilterTest {
  private final AtomicLong now = new AtomicLong();
  private final Deque<Runnable> afterWindow = new ArrayDeque<>();
  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("one");
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();

  @BeforeEach
  void filter() {
    context.addTurboFilter(new RepeatFilter(now::get, afterWindow::add));
    written.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(written);
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
  }

  @Test
  void aKindIsWrittenSoOftenAndTheRestIsNumbered() {
    for (int i = 0; i < RepeatFilter.LIMIT + 7; i++) {
      logger.info("{} is down", i);
    }
    assertThat(written.list).hasSize(RepeatFilter.LIMIT);
    afterWindow.remove().run();
    assertThat(lines().getLast()).isEqualTo("7 more like '{} is down' were suppressed");
    assertThat(afterWindow).isEmpty();
  }

  @Test
  void theNextWindowBeginsAnew() {
    for (int i = 0; i < RepeatFilter.LIMIT + 1; i++) {
      logger.info("again");
    }
    now.addAndGet(RepeatFilter.WINDOW.toNanos());
    logger.info("again");
    assertThat(written.list).hasSize(RepeatFilter.LIMIT + 1);
  }

  @Test
  void oneKindDoesNotSilenceAnother() {
    for (int i = 0; i < RepeatFilter.LIMIT + 1; i++) {
      logger.info("loud");
    }
    logger.info("quiet");
    context.getLogger("two").info("loud");
    assertThat(lines().subList(RepeatFilter.LIMIT, RepeatFilter.LIMIT + 2))
        .containsExactly("quiet", "loud");
  }

  @Test
  void whatIsNotLoggedAnywayIsNotCounted() {
    for (int i = 0; i < 2 * RepeatFilter.LIMIT; i++) {
      logger.debug("hidden");
    }
    logger.setLevel(Level.DEBUG);
    logger.debug("hidden");
    assertThat(lines()).containsExactly("hidden");
  }

  private List<String> lines() {
    return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
