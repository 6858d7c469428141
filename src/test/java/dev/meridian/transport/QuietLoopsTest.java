package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a loop with nothing to do wants to wait. */
class QuietLoopsTest {
  private volatile Duration wait = Duration.ZERO;
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, _ -> new Handler());

  @AfterEach
  void end() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void aLoopThatNothingIsScheduledForComesRoundEachSecond() {
    assertThat(waitOfAnIdleLoop()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void oneThatIsKeptAsleepDoesNot() {
    QuietLoops.keepAsleep(loops);
    assertThat(waitOfAnIdleLoop()).isGreaterThan(Duration.ofHours(1));
  }

  private Duration waitOfAnIdleLoop() {
    loops.next().submit(() -> wait = Duration.ZERO).syncUninterruptibly();
    while (wait.isZero()) {
      Thread.onSpinWait();
    }
    return wait;
  }

  /** Waits for nothing but being woken up. */
  private final class Handler implements IoHandler {
    private volatile Thread thread = Thread.currentThread();

    @Override
    public int run(IoHandlerContext context) {
      thread = Thread.currentThread();
      if (context.canBlock()) {
        wait = Duration.ofNanos(context.delayNanos(System.nanoTime()));
        LockSupport.parkNanos(wait.toNanos());
      }
      return 0;
    }

    @Override
    public IoRegistration register(IoHandle handle) {
      throw new AssertionError("nothing is registered here");
    }

    @Override
    public void wakeup() {
      LockSupport.unpark(thread);
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
      return false;
    }
  }
}
