import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Asks a DNS server on this machine over UDP or TCP, at a rate or as fast as it answers, and tells what
 * came back and when. Linux on x86_64 or aarch64, one thread, one source file:
 *
 * <pre>
 * java --enable-native-access=ALL-UNNAMED perf/load/Load.java \
 *     --server 127.0.0.1:5300 --queries queries.txt --rate 50000 --seconds 10 --pid 4711
 *
 * --server ADDR:PORT    a loopback address; others are refused
 * --queries FILE        one query per line: name, type, client subnet if wanted
 *                         www.example.com A
 *                         www.example.com AAAA 198.51.100.0/24
 * --rate N              open loop: N queries a second, answered or not
 * --window N            closed loop: N queries outstanding (512 if neither is given)
 * --seconds N           how long to measure (10), after
 * --warmup N            as many seconds of the same that are not counted (2)
 * --sockets N           source ports to ask from (4)
 * --tcp N               over as many TCP connections instead, which stay open
 * --burst N             queries on one socket before the next has its turn (32, and no more than that)
 * --rest MICROS         sleeps so long between two looks, and leaves the core to others meanwhile;
 *                         latencies get as much longer (0: looks all the time)
 * --pid N[,N]...        tells the CPU time that these processes spent per answer as well
 * </pre>
 *
 * <p>In an open loop a latency runs from the moment a query was due, not from the moment it was sent:
 * a sender that falls behind, for its own or the server's sake, must not hide the wait (coordinated
 * omission). In a closed loop a latency includes the wait behind the rest of the window, so it says
 * little; throughput and CPU time are what a closed loop is for. A query without an answer within a
 * second is lost.
 */
public final class Load {
  private static final int BATCH = 32;
  private static final int SLOT = 4096;
  private static final int IDS = 1 << 16;
  private static final long LOST_NANOS = 1_000_000_000L;

  private final Options options;
  private final Lines sockets;
  private final Queries queries;

  /** For every socket and message id: when the query was due, 0 if none is outstanding. */
  private final long[] due;

  private final int[] nextId;
  private final Histogram latencies = new Histogram();
  private int outstanding;
  private int nextQuery;
  private int nextSocket;
  private long sent;
  private long answered;
  private long lost;
  private long late;
  private final long[] rcodes = new long[16];
  private boolean counting;

  private Load(Options options, Lines sockets, Queries queries) {
    this.options = options;
    this.sockets = sockets;
    this.queries = queries;
    this.due = new long[options.sockets * IDS];
    this.nextId = new int[options.sockets];
  }

  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("load: " + e.getMessage());
      System.exit(2);
      return;
    }
    Queries queries = Queries.read(options.queries);
    Lines sockets =
        options.tcp
            ? new Connections(options.host, options.port, options.sockets)
            : new Sockets(options.host, options.port, options.sockets);
    new Load(options, sockets, queries).run();
  }

  private void run() throws IOException {
    phase(options.warmup);
    forget();
    counting = true;
    CpuTime before = CpuTime.of(options.pids);
    long start = System.nanoTime();
    phase(options.seconds);
    long elapsed = System.nanoTime() - start;
    CpuTime spent = CpuTime.of(options.pids).since(before);
    drain();
    report(elapsed, spent);
  }

  /** What is still under way, or was lost while this program was cold, is none of what is measured. */
  private void forget() {
    drain();
    Arrays.fill(due, 0);
    outstanding = 0;
    sent = 0;
    answered = 0;
    lost = 0;
    late = 0;
  }

  private void phase(double seconds) {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long scheduled = 0;
    long lastSweep = start;
    for (long now = start; now < end; now = System.nanoTime()) {
      if (options.rate > 0) {
        scheduled = sendDue(start, now, scheduled);
      } else {
        sendWindow(now);
      }
      receiveAll();
      if (options.restNanos > 0) {
        LockSupport.parkNanos(options.restNanos);
      }
      if (now - lastSweep > LOST_NANOS / 10) {
        sweep(now);
        lastSweep = now;
      }
    }
  }

  /** Sends what is due by now; returns how many have been scheduled since {@code start}. */
  private long sendDue(long start, long now, long scheduled) {
    long target = (long) ((now - start) * 1e-9 * options.rate);
    while (scheduled < target) {
      int count = (int) Math.min(options.burst, target - scheduled);
      double interval = 1e9 / options.rate;
      for (int i = 0; i < count; i++) {
        prepare(i, start + (long) ((scheduled + i) * interval));
      }
      flush(count);
      scheduled += count;
    }
    return scheduled;
  }

  private void sendWindow(long now) {
    while (outstanding < options.window) {
      int count = Math.min(options.burst, options.window - outstanding);
      for (int i = 0; i < count; i++) {
        prepare(i, now);
      }
      flush(count);
    }
  }

  private void prepare(int slot, long dueAt) {
    int id = nextId[nextSocket]++ & (IDS - 1);
    int key = nextSocket * IDS + id;
    if (due[key] != 0) {
      lose();
    }
    due[key] = dueAt == 0 ? 1 : dueAt;
    outstanding++;
    sockets.query(slot, queries.get(nextQuery), id);
    nextQuery = (nextQuery + 1) % queries.size();
  }

  private void flush(int count) {
    sockets.send(nextSocket, count);
    sent += count;
    nextSocket = (nextSocket + 1) % options.sockets;
  }

  private int receiveAll() {
    int total = 0;
    for (int socket = 0; socket < options.sockets; socket++) {
      int received = sockets.receive(socket);
      if (received > 0) {
        long now = System.nanoTime();
        for (int slot = 0; slot < received; slot++) {
          take(socket, slot, now);
        }
        total += received;
      }
    }
    return total;
  }

  private void take(int socket, int slot, long now) {
    int key = socket * IDS + sockets.id(slot);
    if (due[key] == 0) {
      late++;
      return;
    }
    if (counting) {
      latencies.record(now - due[key]);
      rcodes[sockets.rcode(slot)]++;
    }
    due[key] = 0;
    outstanding--;
    answered++;
  }

  private void sweep(long now) {
    for (int key = 0; key < due.length; key++) {
      if (due[key] != 0 && now - due[key] > LOST_NANOS) {
        due[key] = 0;
        lose();
      }
    }
  }

  private void lose() {
    outstanding--;
    lost++;
  }

  /** Waits for the answers that are still on their way. */
  private void drain() {
    long end = System.nanoTime() + LOST_NANOS;
    while (outstanding > 0 && System.nanoTime() < end) {
      receiveAll();
    }
    lost += outstanding;
  }

  private void report(long elapsedNanos, CpuTime spent) {
    double seconds = elapsedNanos / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%s, %.1f s: %d sent (%.0f/s), %d answered (%.0f/s), %d lost (%.4f %%), %d late%n",
        options.rate > 0 ? "open loop at " + options.rate + "/s" : "window " + options.window,
        seconds,
        sent,
        sent / seconds,
        answered,
        answered / seconds,
        lost,
        sent == 0 ? 0 : 100.0 * lost / sent,
        late);
    System.out.printf(
        Locale.ROOT,
        "latency us: p50 %.0f  p90 %.0f  p99 %.0f  p99.9 %.0f  p99.99 %.0f  max %.0f%n",
        latencies.micros(0.5),
        latencies.micros(0.9),
        latencies.micros(0.99),
        latencies.micros(0.999),
        latencies.micros(0.9999),
        latencies.maxMicros());
    StringBuilder line = new StringBuilder("rcodes:");
    for (int i = 0; i < rcodes.length; i++) {
      if (rcodes[i] > 0) {
        line.append(' ').append(i).append('=').append(rcodes[i]);
      }
    }
    System.out.println(line);
    if (!options.pids.isEmpty() && answered > 0) {
      double micros = spent.nanos / 1e3 / answered;
      System.out.printf(
          Locale.ROOT,
          "server CPU: %.3f us per answer (user %.3f, system %.3f), %.0f %% of a core%n",
          micros,
          micros * spent.userShare(),
          micros * (1 - spent.userShare()),
          spent.nanos / 1e7 / seconds);
    }
  }

  private record Options(
      InetAddress host,
      int port,
      Path queries,
      double rate,
      int window,
      double seconds,
      double warmup,
      int sockets,
      boolean tcp,
      int burst,
      long restNanos,
      List<Long> pids) {
    static Options parse(String[] arguments) {
      String server = "127.0.0.1:5300";
      String queries = "";
      double rate = 0;
      int window = 512;
      double seconds = 10;
      double warmup = 2;
      int sockets = 4;
      boolean tcp = false;
      int burst = BATCH;
      long restNanos = 0;
      List<Long> pids = List.of();
      for (int i = 0; i < arguments.length; i += 2) {
        if (i + 1 == arguments.length) {
          throw new IllegalArgumentException(arguments[i] + " needs a value");
        }
        String value = arguments[i + 1];
        switch (arguments[i]) {
          case "--server" -> server = value;
          case "--queries" -> queries = value;
          case "--rate" -> rate = Double.parseDouble(value);
          case "--window" -> window = Integer.parseInt(value);
          case "--seconds" -> seconds = Double.parseDouble(value);
          case "--warmup" -> warmup = Double.parseDouble(value);
          case "--sockets" -> sockets = Integer.parseInt(value);
          case "--tcp" -> {
            tcp = true;
            sockets = Integer.parseInt(value);
          }
          case "--burst" -> burst = Math.clamp(Integer.parseInt(value), 1, BATCH);
          case "--rest" -> restNanos = 1000 * Long.parseLong(value);
          case "--pid" -> pids = Stream.of(value.split(",", -1)).map(Long::valueOf).toList();
          default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
        }
      }
      if (queries.isEmpty()) {
        throw new IllegalArgumentException("--queries is missing");
      }
      int colon = server.lastIndexOf(':');
      InetAddress host = InetAddress.ofLiteral(server.substring(0, colon).replaceAll("[\\[\\]]", ""));
      if (!host.isLoopbackAddress()) {
        throw new IllegalArgumentException(
            server + " is not a loopback address; this program loads nobody else's machine");
      }
      int port = Integer.parseInt(server.substring(colon + 1));
      return new Options(
          host, port, Path.of(queries), rate, window, seconds, warmup, sockets, tcp, burst, restNanos, pids);
    }
  }

  /**
   * What processes have spent so far, with the threads that have ended.
   *
   * @param nanos by the scheduler's clock, which is exact
   * @param userTicks the part in user mode as /proc tells it, in hundredths of a second
   * @param systemTicks the part in the kernel
   */
  private record CpuTime(long nanos, long userTicks, long systemTicks) {
    private static final int UTIME_AFTER_NAME = 11;
    private static final int CPUCLOCK_SCHED = 2;
    private static final MethodHandle CLOCK_GETTIME =
        Sockets.link(
            "clock_gettime",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

    static CpuTime of(List<Long> pids) throws IOException {
      CpuTime sum = new CpuTime(0, 0, 0);
      for (long pid : pids) {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        sum =
            new CpuTime(
                sum.nanos + nanos(pid),
                sum.userTicks + Long.parseLong(fields[UTIME_AFTER_NAME]),
                sum.systemTicks + Long.parseLong(fields[UTIME_AFTER_NAME + 1]));
      }
      return sum;
    }

    /** The clock of another process: clock_getcpuclockid(3) makes its number like this. */
    private static long nanos(long pid) throws IOException {
      MemorySegment time = Arena.global().allocate(16, 8);
      try {
        int clock = (int) (~pid << 3 | CPUCLOCK_SCHED);
        int failed = (int) CLOCK_GETTIME.invokeExact(clock, time.address());
        if (failed != 0) {
          throw new IOException("no process " + pid);
        }
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
      return time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
          + time.get(ValueLayout.JAVA_LONG, 8);
    }

    CpuTime since(CpuTime before) {
      return new CpuTime(
          nanos - before.nanos, userTicks - before.userTicks, systemTicks - before.systemTicks);
    }

    double userShare() {
      return userTicks + systemTicks == 0 ? 0 : (double) userTicks / (userTicks + systemTicks);
    }
  }

  /** The queries of a file as messages without id. */
  private record Queries(List<byte[]> messages) {
    private static final Map<String, Integer> TYPES =
        Map.ofEntries(
            Map.entry("A", 1),
            Map.entry("NS", 2),
            Map.entry("CNAME", 5),
            Map.entry("SOA", 6),
            Map.entry("PTR", 12),
            Map.entry("MX", 15),
            Map.entry("TXT", 16),
            Map.entry("AAAA", 28),
            Map.entry("SRV", 33),
            Map.entry("SVCB", 64),
            Map.entry("HTTPS", 65),
            Map.entry("CAA", 257),
            Map.entry("ANY", 255));

    static Queries read(Path file) throws IOException {
      List<byte[]> messages = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        String[] words = line.strip().split("\\s+", -1);
        if (!words[0].isEmpty() && !words[0].startsWith("#")) {
          messages.add(message(words));
        }
      }
      if (messages.isEmpty()) {
        throw new IOException(file + " holds no query");
      }
      return new Queries(messages);
    }

    byte[] get(int index) {
      return messages.get(index);
    }

    int size() {
      return messages.size();
    }

    private static byte[] message(String[] words) throws IOException {
      ByteBuffer message = ByteBuffer.allocate(512);
      boolean subnet = words.length > 2;
      message.putShort((short) 0).putShort((short) 0x0100);
      message.putShort((short) 1).putInt(0).putShort((short) (subnet ? 1 : 0));
      for (String label : words[0].split("\\.", -1)) {
        if (!label.isEmpty()) {
          byte[] octets = label.getBytes(StandardCharsets.ISO_8859_1);
          message.put((byte) octets.length).put(octets);
        }
      }
      String type = (words.length > 1 ? words[1] : "A").toUpperCase(Locale.ROOT);
      Integer number =
          type.startsWith("TYPE") ? Integer.valueOf(type.substring(4)) : TYPES.get(type);
      if (number == null) {
        throw new IOException("unknown type " + type + "; write TYPE<number>");
      }
      message.put((byte) 0).putShort(number.shortValue()).putShort((short) 1);
      if (subnet) {
        putSubnet(message, words[2]);
      }
      byte[] octets = new byte[message.position()];
      message.get(0, octets);
      return octets;
    }

    /** OPT with one client subnet option (RFC 7871 §6). */
    private static void putSubnet(ByteBuffer message, String subnet) {
      int slash = subnet.indexOf('/');
      byte[] address = InetAddress.ofLiteral(subnet.substring(0, slash)).getAddress();
      int length = Integer.parseInt(subnet.substring(slash + 1));
      int octets = (length + 7) / 8;
      message.put((byte) 0).putShort((short) 41).putShort((short) 1232).putInt(0);
      message.putShort((short) (8 + octets)).putShort((short) 8).putShort((short) (4 + octets));
      message.putShort((short) (address.length == 4 ? 1 : 2));
      message.put((byte) length).put((byte) 0).put(address, 0, octets);
    }
  }

  /** What carries queries there and answers back. */
  private interface Lines {
    /** Puts a query in place, to be sent with the others of its batch. */
    void query(int slot, byte[] message, int id);

    /** Sends what is in the first slots. */
    void send(int socket, int count);

    /** Takes the answers that are there, at most a batch; how many. */
    int receive(int socket);

    int id(int slot);

    int rcode(int slot);
  }

  /** TCP connections (RFC 7766): each message behind its length. */
  private static final class Connections implements Lines {
    private static final int READ_OCTETS = 1 << 16;

    private final SocketChannel[] channels;
    private final ByteBuffer[] unread;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BATCH * (2 + 512));
    private final int[] ids = new int[BATCH];
    private final int[] rcodes = new int[BATCH];

    Connections(InetAddress host, int port, int count) throws IOException {
      channels = new SocketChannel[count];
      unread = new ByteBuffer[count];
      for (int i = 0; i < count; i++) {
        channels[i] = SocketChannel.open(new InetSocketAddress(host, port));
        channels[i].setOption(StandardSocketOptions.TCP_NODELAY, true);
        channels[i].configureBlocking(false);
        unread[i] = ByteBuffer.allocateDirect(READ_OCTETS);
      }
    }

    @Override
    public void query(int slot, byte[] message, int id) {
      if (slot == 0) {
        out.clear();
      }
      out.putShort((short) message.length).putShort((short) id).put(message, 2, message.length - 2);
    }

    @Override
    public void send(int socket, int count) {
      out.flip();
      try {
        while (out.hasRemaining()) {
          channels[socket].write(out);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("a connection has broken", e);
      }
    }

    @Override
    public int receive(int socket) {
      ByteBuffer in = unread[socket];
      try {
        if (channels[socket].read(in) < 0) {
          throw new IOException("the server has closed a connection");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      in.flip();
      int count = 0;
      while (count < BATCH && in.remaining() >= 2) {
        int length = in.getShort(in.position()) & 0xFFFF;
        if (in.remaining() < 2 + length) {
          break;
        }
        ids[count] = in.getShort(in.position() + 2) & 0xFFFF;
        rcodes[count++] = in.get(in.position() + 5) & 0xF;
        in.position(in.position() + 2 + length);
      }
      in.compact();
      return count;
    }

    @Override
    public int id(int slot) {
      return ids[slot];
    }

    @Override
    public int rcode(int slot) {
      return rcodes[slot];
    }
  }

  /** Connected UDP sockets, read and written in batches. */
  private static final class Sockets implements Lines {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int HEADER = 64;
    private static final int MSG_DONTWAIT = 0x40;

    private static final MethodHandle RECVMMSG =
        link("recvmmsg", FunctionDescriptor.of(INT, INT, LONG, INT, INT, LONG));
    private static final MethodHandle SENDMMSG =
        link("sendmmsg", FunctionDescriptor.of(INT, INT, LONG, INT, INT));
    private static final MethodHandle SOCKET =
        link("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle CONNECT =
        link("connect", FunctionDescriptor.of(INT, INT, LONG, INT));
    private static final MethodHandle SETSOCKOPT =
        link("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, LONG, INT));

    private final int[] descriptors;
    private final MemorySegment in = headers();
    private final MemorySegment out = headers();

    Sockets(InetAddress host, int port, int count) throws IOException {
      descriptors = new int[count];
      for (int i = 0; i < count; i++) {
        descriptors[i] = open(host, port);
      }
    }

    /** Headers, iovecs and buffers for a batch; connected sockets need no addresses. */
    private static MemorySegment headers() {
      int iovecs = BATCH * HEADER;
      int buffers = iovecs + BATCH * 16;
      MemorySegment memory = Arena.global().allocate(buffers + (long) BATCH * SLOT, 64);
      for (int i = 0; i < BATCH; i++) {
        memory.set(LONG, iovecs + i * 16L, memory.address() + buffers + (long) i * SLOT);
        memory.set(LONG, iovecs + i * 16L + 8, SLOT);
        memory.set(LONG, (long) i * HEADER + 16, memory.address() + iovecs + i * 16L);
        memory.set(LONG, (long) i * HEADER + 24, 1);
      }
      return memory;
    }

    private static long buffer(int slot) {
      return BATCH * (HEADER + 16L) + (long) slot * SLOT;
    }

    private static int open(InetAddress host, int port) throws IOException {
      boolean ipv4 = host instanceof Inet4Address;
      try {
        int fd = (int) SOCKET.invokeExact(ipv4 ? 2 : 10, 2, 0);
        MemorySegment name = Arena.global().allocate(32, 8);
        name.set(ValueLayout.JAVA_SHORT, 0, (short) (ipv4 ? 2 : 10));
        name.set(ValueLayout.JAVA_BYTE, 2, (byte) (port >>> 8));
        name.set(ValueLayout.JAVA_BYTE, 3, (byte) port);
        byte[] address = host.getAddress();
        MemorySegment.copy(address, 0, name, ValueLayout.JAVA_BYTE, ipv4 ? 4 : 8, address.length);
        MemorySegment size = Arena.global().allocate(INT);
        size.set(INT, 0, 4 * 1024 * 1024);
        int ignored = (int) SETSOCKOPT.invokeExact(fd, 1, 8, size.address(), 4);
        int failed = (int) CONNECT.invokeExact(fd, name.address(), ipv4 ? 16 : 28);
        if (fd < 0 || failed != 0) {
          throw new IOException("no socket to " + host + (ignored == 0 ? "" : ", no buffer"));
        }
        return fd;
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void query(int slot, byte[] message, int id) {
      MemorySegment.copy(message, 0, out, ValueLayout.JAVA_BYTE, buffer(slot), message.length);
      out.set(ValueLayout.JAVA_BYTE, buffer(slot), (byte) (id >>> 8));
      out.set(ValueLayout.JAVA_BYTE, buffer(slot) + 1, (byte) id);
      out.set(LONG, (long) BATCH * HEADER + slot * 16L + 8, message.length);
    }

    /** Blocks while the send buffer is full; what the kernel refuses counts as lost later. */
    @Override
    public void send(int socket, int count) {
      try {
        int done = 0;
        while (done < count) {
          long from = out.address() + (long) done * HEADER;
          int sent = (int) SENDMMSG.invokeExact(descriptors[socket], from, count - done, 0);
          done += sent > 0 ? sent : 1;
        }
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public int receive(int socket) {
      try {
        return (int)
            RECVMMSG.invokeExact(descriptors[socket], in.address(), BATCH, MSG_DONTWAIT, 0L);
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public int id(int slot) {
      return (in.get(ValueLayout.JAVA_BYTE, buffer(slot)) & 0xFF) << 8
          | in.get(ValueLayout.JAVA_BYTE, buffer(slot) + 1) & 0xFF;
    }

    @Override
    public int rcode(int slot) {
      return in.get(ValueLayout.JAVA_BYTE, buffer(slot) + 3) & 0xF;
    }

    private static MethodHandle link(String name, FunctionDescriptor type) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
  }

  /** Latencies in buckets that are 1/64 wide: a percentile is at most 1.6 % too high. */
  private static final class Histogram {
    private static final int SUB_BITS = 6;
    private final long[] buckets = new long[64 << SUB_BITS];
    private long count;
    private long max;

    void record(long nanos) {
      long value = Math.max(0, nanos);
      buckets[index(value)]++;
      count++;
      max = Math.max(max, value);
    }

    double micros(double quantile) {
      long rank = (long) Math.ceil(quantile * count);
      long seen = 0;
      for (int i = 0; i < buckets.length; i++) {
        seen += buckets[i];
        if (seen >= rank) {
          return Math.min(upperBound(i), max) / 1e3;
        }
      }
      return maxMicros();
    }

    double maxMicros() {
      return max / 1e3;
    }

    private static int index(long value) {
      int shift = Math.max(0, 64 - Long.numberOfLeadingZeros(value) - SUB_BITS - 1);
      return (shift << SUB_BITS) + (int) (value >>> shift);
    }

    private static long upperBound(int index) {
      int shift = Math.max(0, (index >>> SUB_BITS) - 1);
      return (((long) index - ((long) shift << SUB_BITS) + 1) << shift) - 1;
    }
  }
}
