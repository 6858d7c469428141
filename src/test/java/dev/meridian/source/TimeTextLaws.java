package dev.meridian.source;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every text that is read as a span of time. */
public final class TimeTextLaws {
  private TimeTextLaws() {}

  /** Throws an assertion error if a law is broken. */
  public static void check(String text) {
    long seconds = TimeText.seconds(text);
    long milliseconds = TimeText.milliseconds(text);
    assertThat(seconds).as("seconds").isGreaterThanOrEqualTo(TimeText.INVALID);
    assertThat(milliseconds).as("milliseconds").isGreaterThanOrEqualTo(TimeText.INVALID);
    if (seconds != TimeText.INVALID) {
      assertThat(milliseconds).isEqualTo(seconds * 1000);
      assertThat(TimeText.seconds(Long.toString(seconds)))
          .as("%d, written out", seconds)
          .isIn(seconds, TimeText.INVALID);
    }
  }
}
