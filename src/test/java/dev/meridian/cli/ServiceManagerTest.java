package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceManagerTest {
  @TempDir private Path folder;

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

  /** Plays systemd. */
  @BeforeEach
  void listen() {
    new Bootstrap()
        .group(group)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(
                  ChannelHandlerContext context, DomainDatagramPacket packet) {
                told.add(packet.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress(socket()))
        .syncUninterruptibly();
  }

  @AfterEach
  void end() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private String socket() {
    return folder.resolve("notify").toString();
  }

  private String next() throws InterruptedException {
    String message = told.poll(30, TimeUnit.SECONDS);
    return message == null ? "nothing" : message;
  }

  @Test
  void theManagerHearsWhoIsTheServiceAfterAnUpgrade() throws Exception {
    ServiceManager.of(Map.of("NOTIFY_SOCKET", socket())).movedTo(4711);
    assertThat(next()).startsWith("MAINPID=4711\n");
  }

  @Test
  void theManagerHearsOfTheBeginningLifeAndEnd() throws Exception {
    Map<String, String> environment = Map.of("NOTIFY_SOCKET", socket(), "WATCHDOG_USEC", "20000");
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder.resolve("zones"), 7));
        ServiceManager manager = ServiceManager.of(environment)) {
      manager.ready(server);
      assertThat(next()).startsWith("READY=1\n");
      assertThat(next()).isEqualTo("WATCHDOG=1");
      assertThat(next()).isEqualTo("WATCHDOG=1");
    }
    ServiceManager.of(environment).stopping();
    String message = next();
    while (message.equals("WATCHDOG=1")) {
      message = next();
    }
    assertThat(message).startsWith("STOPPING=1\n");
  }

  @Test
  void aServerThatHasEndedGivesNoSignOfLife() throws Exception {
    Map<String, String> environment = Map.of("NOTIFY_SOCKET", socket(), "WATCHDOG_USEC", "20000");
    Server server = ZoneFolder.serve(ZoneFolder.write(folder.resolve("zones"), 7));
    server.close();
    try (ServiceManager manager = ServiceManager.of(environment)) {
      manager.ready(server);
      assertThat(next()).startsWith("READY=1\n");
      assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @Test
  void anotherProcessesWatchdogIsNotServed() throws Exception {
    Map<String, String> environment =
        Map.of("NOTIFY_SOCKET", socket(), "WATCHDOG_USEC", "20000", "WATCHDOG_PID", "1");
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder.resolve("zones"), 7));
        ServiceManager manager = ServiceManager.of(environment)) {
      manager.ready(server);
      assertThat(next()).startsWith("READY=1\n");
      manager.stopping();
      assertThat(next()).startsWith("STOPPING=1\n");
    }
  }

  @Test
  void aSocketThatIsNotThereIsNoReasonToStop() throws Exception {
    Map<String, String> environment = Map.of("NOTIFY_SOCKET", folder.resolve("missing").toString());
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder.resolve("zones"), 7));
        ServiceManager manager = ServiceManager.of(environment)) {
      manager.ready(server);
      manager.stopping();
    }
    assertThat(told).isEmpty();
  }
}
