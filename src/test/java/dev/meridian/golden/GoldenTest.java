package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.meridian.transport.UdpPath;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every query of every case, over every transport of the host, with the best way to move datagrams
 * and with its fallback.
 *
 * <p>{@code mvn test -Dtest=GoldenTest -Dgolden.update=true} writes what the server says into the
 * files; whoever does that reads the difference and answers for it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenTest {
  private static final Path CASES = Path.of("src/test/resources/cases");
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  private final GoldenServer server = GoldenServer.start();

  private final GoldenServer fallback =
      GoldenServer.start(Epoll.isAvailable() ? UdpPath.NETTY : UdpPath.NIO);

  @BeforeAll
  void everythingIsRefusedBeforeItIsServed() {
    assertThat(server.state().zones().size()).isZero();
  }

  @AfterAll
  void stop() {
    server.close();
    fallback.close();
  }

  @Test
  void thisHostHasIpv6() {
    assumeTrue(
        server.transports().contains(Transport.UDP6),
        "this host has no ::1, the cases were run over IPv4 only");
  }

  @TestFactory
  Stream<DynamicNode> cases() throws IOException {
    return files().map(file -> container(server, file));
  }

  @TestFactory
  Stream<DynamicNode> casesOverTheFallback() throws IOException {
    return files().map(file -> container(fallback, file));
  }

  private static Stream<Path> files() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(CASES)) {
      files = walk.filter(file -> file.toString().endsWith(".case")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream();
  }

  private static DynamicNode container(GoldenServer server, Path file) {
    GoldenCase world = GoldenCase.read(file);
    GoldenRun run = new GoldenRun(server, world);
    Stream<DynamicTest> load = Stream.of(dynamicTest("loads", run::begin));
    Stream<DynamicTest> steps =
        world.steps().stream()
            .map(
                step ->
                    dynamicTest(
                        "line " + step.line() + ": " + step.text(), () -> run.step(step, UPDATE)));
    Stream<DynamicTest> end = Stream.of(dynamicTest("counters", () -> run.finish(UPDATE)));
    return dynamicContainer(
        CASES.relativize(file).toString(), Stream.of(load, steps, end).flatMap(tests -> tests));
  }
}
