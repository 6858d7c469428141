package dev.meridian.control;

import dev.meridian.transport.PassedSocket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What two processes say to each other while one takes the place of the other, and what the command
 * says that asks for it. The first three of each side are understood by every version; {@link
 * #PROTOCOL} counts changes of the others.
 *
 * <pre>
 * new                    old
 * Hello         ->
 *               &lt;-       Welcome, or Refused
 * Ready         ->
 *               &lt;-       Passed with a descriptor, for each socket
 *               &lt;-       Inheritance
 * Serving       ->       stops to read
 * Proven        ->
 *               &lt;-       Farewell
 *
 * Failed, or no word: the old one goes on as if nothing had happened
 * </pre>
 */
sealed interface HandoverMessage {
  /** Processes of another number do not take each other's place. */
  int PROTOCOL = 1;

  /** The new process is there, and will load. */
  record Hello(int protocol, String version) implements HandoverMessage {}

  /** The old one waits for it. */
  record Welcome(int protocol, String version, String udpPath) implements HandoverMessage {}

  /** There will be no hand-over. */
  record Refused(String reason) implements HandoverMessage {}

  /** The new one has given up. */
  record Failed(String reason) implements HandoverMessage {}

  /** The new one has loaded, is warm, and wants the sockets. */
  record Ready() implements HandoverMessage {}

  /** A socket: the descriptor comes with the message. */
  record Passed(PassedSocket.Kind kind) implements HandoverMessage {}

  /**
   * What the old one knew, which from now on keeps and probes nothing.
   *
   * @param health as {@link dev.meridian.health.HealthMemory} has it
   * @param cookies as {@link dev.meridian.state.CookieRoll} has them; none if they are shared with
   *     other servers
   * @param generation that was served
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Inheritance(byte[] health, byte[] cookies, long generation) implements HandoverMessage {}

  /** The new one answers, and will say so once more when it has done so for a while. */
  record Serving(long probationMillis) implements HandoverMessage {}

  /** The new one has answered for a while without fault. */
  record Proven() implements HandoverMessage {}

  /** The old one ends. */
  record Farewell() implements HandoverMessage {}

  /** The command: start another process in your place. */
  record Upgrade() implements HandoverMessage {}

  /** To the command: how it goes. */
  record Told(String line) implements HandoverMessage {}

  /** To the command: how it went. */
  record Ended(boolean well, String line) implements HandoverMessage {}

  /** As octets; {@link #read} understands them. */
  default byte[] octets() {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(octets)) {
      switch (this) {
        case Hello it -> {
          out.writeByte(1);
          out.writeInt(it.protocol);
          out.writeUTF(it.version);
        }
        case Welcome it -> {
          out.writeByte(2);
          out.writeInt(it.protocol);
          out.writeUTF(it.version);
          out.writeUTF(it.udpPath);
        }
        case Refused it -> text(out, 3, it.reason);
        case Failed it -> text(out, 4, it.reason);
        case Upgrade _ -> out.writeByte(5);
        case Told it -> text(out, 6, it.line);
        case Ended it -> text(out, it.well ? 7 : 8, it.line);
        case Ready _ -> out.writeByte(9);
        case Passed it -> text(out, 10, it.kind.name());
        case Inheritance it -> {
          out.writeByte(11);
          write(out, it.health);
          write(out, it.cookies);
          out.writeLong(it.generation);
        }
        case Serving it -> {
          out.writeByte(12);
          out.writeLong(it.probationMillis);
        }
        case Proven _ -> out.writeByte(13);
        case Farewell _ -> out.writeByte(14);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return octets.toByteArray();
  }

  private static void text(DataOutputStream out, int type, String text) throws IOException {
    out.writeByte(type);
    out.writeUTF(text.length() <= 10_000 ? text : text.substring(0, 10_000)); // 65 535 octets
  }

  private static void write(DataOutputStream out, byte[] octets) throws IOException {
    out.writeInt(octets.length);
    out.write(octets);
  }

  /**
   * Reads what {@link #octets} made.
   *
   * @throws IOException if it is something else
   */
  static HandoverMessage read(byte[] octets) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
      return switch (in.readUnsignedByte()) {
        case 1 -> new Hello(in.readInt(), in.readUTF());
        case 2 -> new Welcome(in.readInt(), in.readUTF(), in.readUTF());
        case 3 -> new Refused(in.readUTF());
        case 4 -> new Failed(in.readUTF());
        case 5 -> new Upgrade();
        case 6 -> new Told(in.readUTF());
        case 7 -> new Ended(true, in.readUTF());
        case 8 -> new Ended(false, in.readUTF());
        case 9 -> new Ready();
        case 10 -> new Passed(PassedSocket.Kind.valueOf(in.readUTF()));
        case 11 -> new Inheritance(octets(in), octets(in), in.readLong());
        case 12 -> new Serving(in.readLong());
        case 13 -> new Proven();
        case 14 -> new Farewell();
        default -> throw new IOException("a message that is not known");
      };
    } catch (IllegalArgumentException e) {
      throw new IOException("a message that is not known: " + e.getMessage(), e);
    }
  }

  private static byte[] octets(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a message that is cut off");
    }
    return in.readNBytes(length);
  }
}
