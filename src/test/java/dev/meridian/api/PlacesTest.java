package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nobody keeps others out by opening many connections. */
class PlacesTest {
  private final Places places = new Places(3);
  private final Channel first = new EmbeddedChannel();
  private final Channel second = new EmbeddedChannel();
  private final Channel third = new EmbeddedChannel();

  private void fill() {
    Stream.of(first, second, third).forEach(each -> assertThat(places.admit(each)).isTrue());
  }

  @Test
  void theOneThatHasWaitedLongestMakesRoom() {
    fill();
    places.works(first);
    places.waits(first);

    assertThat(places.admit(new EmbeddedChannel())).isTrue();
    assertThat(first.isOpen()).isTrue();
    assertThat(second.isOpen()).isFalse();
  }

  @Test
  void whoIsBeingAnsweredStays() {
    fill();
    Stream.of(first, second, third).forEach(places::works);

    assertThat(places.admit(new EmbeddedChannel())).isFalse();
    assertThat(Stream.of(first, second, third)).allMatch(Channel::isOpen);
  }

  @Test
  void whoLeavesFreesItsPlace() {
    fill();
    second.close();

    assertThat(places.admit(new EmbeddedChannel())).isTrue();
    assertThat(first.isOpen()).isTrue();
    assertThat(third.isOpen()).isTrue();
  }

  @Test
  void whoHasLeftDoesNotWaitAnyMore() {
    fill();
    first.close();
    places.waits(first);
    Stream.of(second, third).forEach(places::works);

    assertThat(places.admit(new EmbeddedChannel())).isTrue();
    places.works(second);
    assertThat(second.isOpen()).isTrue();
  }
}
