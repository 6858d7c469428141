package dev.meridian.transport;

import io.netty.channel.epoll.Epoll;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for DNS over UDP and TCP and has every message answered on the thread that it came to.
 * Opened once, closed once; all methods may be called from any thread.
 */
public final class DnsServer implements Passable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DnsServer.class);

  private final TransportSettings asked;
  private final UdpPath udpPath;
  private final int tcpConnections;
  private final EventLoops loops;
  private final List<UdpThread> udpThreads;
  private final Listeners listeners;
  private final PassedSocket.Kind udpKind;
  private final Adoption adoption;

  /** Whether another process has the sockets too. */
  private volatile boolean shared;

  private final ScheduledExecutorService scanner =
      Executors.newSingleThreadScheduledExecutor(
          new DefaultThreadFactory("meridian-addresses", true));

  /**
   * Makes loops, and loads native code for them, which takes its time: a caller that has to wait
   * for something else anyway may do it meanwhile. Nothing is open before {@link #open}.
   *
   * @param passed sockets that another process has bound: where their addresses are among those to
   *     open they are used, and all others are closed
   * @throws UnsupportedOperationException if the UDP path asked for does not work on this machine
   */
  public DnsServer(TransportSettings asked, LoopFactory factory, List<PassedSocket> passed) {
    this.asked = asked;
    shared = !passed.isEmpty();
    tcpConnections =
        DescriptorLimit.fit(asked.tcp().maxConnections(), DescriptorLimit.ofThisProcess());
    TransportSettings settings = asked.withTcp(asked.tcp().withMaxConnections(tcpConnections));
    stopSamplingBuffers();
    udpPath = udpPath(settings.udpPath());
    boolean foreign = udpPath == UdpPath.FOREIGN;
    udpThreads = foreign ? udpThreads(settings, factory) : List.of();
    loops =
        new EventLoops(
            settings, udpPath != UdpPath.NIO, foreign ? Traffic.TCP : Traffic.BOTH, factory);
    SocketOpener udp =
        foreign ? new ForeignUdp(settings, udpThreads) : new NettyUdp(settings, loops.epoll());
    SocketOpener tcp = new TcpOpener(settings.tcp(), loops);
    udpKind = udp.kind();
    adoption = new Adoption(passed, udpKind);
    listeners =
        new Listeners(
            address -> {
              List<PassedSocket> found = adoption.take(address);
              return found.isEmpty()
                  ? Listener.open(address, loops.listening(), udp, tcp)
                  : Listener.adopt(found, loops.listening(), udp, tcp);
            },
            address -> Listener.open(address, loops.listening(), udp.early(), tcp.early()),
            new MachineAddresses());
  }

  private static List<UdpThread> udpThreads(TransportSettings settings, LoopFactory factory) {
    return IntStream.range(0, settings.loops())
        .mapToObj(loop -> new ThreadState(loop, factory.create(loop, Traffic.UDP)))
        .map(state -> new UdpThread(state, settings.udpBatch()))
        .toList();
  }

  /** Makes a server and opens it; see {@link #open}. */
  public static DnsServer start(
      List<InetSocketAddress> listen, TransportSettings settings, LoopFactory factory) {
    return start(listen, settings, factory, List.of());
  }

  /** As above, with sockets that another process has bound. */
  static DnsServer start(
      List<InetSocketAddress> listen,
      TransportSettings settings,
      LoopFactory factory,
      List<PassedSocket> passed) {
    DnsServer server = new DnsServer(settings, factory, passed);
    try {
      server.open(listen);
      return server;
    } catch (Throwable failure) {
      server.close();
      throw failure;
    }
  }

  /**
   * Opens every address, UDP and TCP, and serves it. Port 0 takes any port that is free in both. A
   * wildcard address, {@code 0.0.0.0} or {@code ::}, stands for all addresses of its family that
   * the machine has or will have. Another that it does not have is opened all the same where epoll
   * is, and told in the log.
   *
   * @throws ListenException if an address cannot be opened; this is then to be closed
   */
  public void open(List<InetSocketAddress> addresses) {
    listeners.openAll(addresses);
    udpThreads.forEach(UdpThread::start);
    QuietLoops.keepAsleep(loops.group());
    if (listeners.hasWildcard()) {
      long interval = asked.addressScanInterval().toNanos();
      scanner.scheduleWithFixedDelay(this::rescan, interval, interval, TimeUnit.NANOSECONDS);
    }
    warnOfLimits();
    adoption.closeRest();
  }

  private void warnOfLimits() {
    if (tcpConnections < asked.tcp().maxConnections()) {
      log.warn(
          "{} TCP connections were asked for, but with the file descriptors that this process may"
              + " have there can be {}: raise the limit (ulimit -n, LimitNOFILE= of systemd)",
          asked.tcp().maxConnections(),
          tcpConnections);
    }
    int buffer = udpReceiveBufferOctets();
    if (buffer < asked.udpBufferOctets()) {
      log.warn(
          "the kernel gives a UDP receive buffer of {} octets where {} were asked for; bursts may"
              + " be lost: raise net.core.rmem_max",
          buffer,
          asked.udpBufferOctets());
    }
  }

  /** A task that throws would never run again. */
  private void rescan() {
    if (shared) {
      return; // what is closed here must not be shut down there
    }
    try {
      listeners.rescan();
    } catch (RuntimeException e) {
      log.error("the machine's addresses could not be followed", e);
    }
  }

  /** What {@link UdpPath#AUTO} means on this machine. The first call loads native code. */
  public static UdpPath bestUdpPath() {
    if (!Epoll.isAvailable()) {
      return UdpPath.NIO;
    }
    return ForeignUdp.isAvailable() ? UdpPath.FOREIGN : UdpPath.NETTY;
  }

  /** Netty follows some buffers to find leaks, at the price of garbage, unless it is told how. */
  private static void stopSamplingBuffers() {
    if (System.getProperty("io.netty.leakDetection.level") == null) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }

  /**
   * What a choice means on this machine: never {@link UdpPath#AUTO}.
   *
   * @throws UnsupportedOperationException if it does not work here
   */
  public static UdpPath udpPath(UdpPath asked) {
    UdpPath best = bestUdpPath();
    if (asked == UdpPath.AUTO || asked == best || asked == UdpPath.NIO) {
      return asked == UdpPath.AUTO ? best : asked;
    }
    if (best == UdpPath.NIO || asked == UdpPath.FOREIGN) {
      throw new UnsupportedOperationException(
          "the UDP path " + asked + " needs Linux on x86_64 or aarch64; choose AUTO");
    }
    return asked;
  }

  /** Open TCP connections in all that there can be: what was asked for, or less that fits. */
  public int tcpConnections() {
    return tcpConnections;
  }

  /**
   * Tells TCP clients that ask from now on to close their connections (RFC 7828 §3.4): the server
   * will stop soon. Everything is answered as before.
   */
  public void drain() {
    loops.drain();
  }

  /** Has TCP clients stay again, after {@link #drain()}. */
  public void stay() {
    loops.stay();
  }

  @Override
  public List<PassedSocket> pass() {
    if (udpPath == UdpPath.NIO) {
      throw new UnsupportedOperationException(
          "the sockets of the UDP path NIO cannot be passed on; choose AUTO");
    }
    shared = true;
    return listeners.all().stream().flatMap(each -> each.pass(udpKind).stream()).toList();
  }

  @Override
  public void keep() {
    shared = false;
  }

  /** Connections that are open are served on, and what a thread waits for it still answers. */
  @Override
  public void pause() {
    listeners.all().forEach(Listener::pause);
  }

  @Override
  public void resume() {
    listeners.all().forEach(Listener::serve);
  }

  /** TCP connections that are open. */
  public long openConnections() {
    return loops.all().stream()
        .mapToLong(loop -> loop.stats().value(TransportCounter.TCP_OPEN))
        .sum();
  }

  /** Completes when every thread that answers has come round once more. */
  public CompletableFuture<Void> turn() {
    CompletableFuture<?>[] turns =
        Stream.concat(Stream.of(loops.turn()), udpThreads.stream().map(UdpThread::turn))
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(turns);
  }

  /** The addresses that are served now, with the ports that the kernel gave. */
  public List<InetSocketAddress> boundAddresses() {
    return listeners.all().stream().map(Listener::address).toList();
  }

  /** How datagrams are read and written; never {@link UdpPath#AUTO}. */
  public UdpPath udpPath() {
    return udpPath;
  }

  /** The receive buffer in octets that the kernel gave the UDP sockets; the least of them. */
  public int udpReceiveBufferOctets() {
    return listeners.all().stream().mapToInt(Listener::udpReceiveBufferOctets).min().orElse(0);
  }

  /**
   * Datagrams that the kernel dropped before they could be read, mostly for want of buffer; of the
   * sockets that are open now. 0 where the kernel does not tell ({@link UdpPath#NIO}).
   */
  public long udpKernelDrops() {
    return listeners.all().stream().mapToLong(Listener::udpKernelDrops).sum();
  }

  /** The counters, one set per thread that answers. */
  public List<TransportStats> stats() {
    return Stream.concat(
            loops.all().stream().map(LoopState::stats), udpThreads.stream().map(UdpThread::stats))
        .toList();
  }

  /**
   * Answers what has arrived, closes every socket and ends the threads; at most 5 s. What has
   * arrived at sockets that another process shares is left to it.
   */
  @Override
  public void close() {
    if (shared) {
      pause();
    }
    scanner.shutdownNow();
    udpThreads.forEach(UdpThread::endSoon);
    listeners.close();
    udpThreads.forEach(UdpThread::awaitEnd);
    loops.shutDown();
  }
}
