package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.probe.HttpReader.Event;
import dev.meridian.testkit.Rfc;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a response is taken for, however it is cut into pieces. */
class HttpReaderTest {
  @ParameterizedTest
  @Rfc(
      number = 9112,
      sections = {"4", "5", "6.3", "7.1"})
  @CsvSource({
    "'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef',                     '200 OK abc END'",
    "'HTTP/1.0 404\n\nabc',                                                   '404  abc'",
    "'HTTP/1.1 200 \r\nContent-Length: 3\r\ncontent-length:3 \r\n\r\nabc',     '200  abc END'",
    "'HTTP/1.1 204 N\r\nContent-Length: 3\r\n\r\nabc',                         '204 N  END'",
    "'HTTP/1.1 304 N\r\n\r\nabc',                                             '304 N  END'",
    "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n"
        + "a;x=y\r\n0123456789\r\n01 \r\nz\r\n0\r\nX: y\r\n\r\nabc',             '200 OK 0123456789z END'",
    "'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\nabc', '200 OK abc'",
    "'HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',      '100 C 200 OK  END'",
    "'\r\nHTTP/1.1 200 OK\r\nA: b\r\n folded: line\r\n\r\nabc',               '200 OK abc'",
  })
  void theFramingIsFollowed(String response, String read) {
    for (int size : new int[] {1, 2, 7, 4096}) {
      assertThat(read(response, size)).as("in pieces of %s", size).isEqualTo(read);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ICY 200 OK\r\n",
        "HTTP/2.0 200 OK\r\n",
        "HTTP/1.1 20 OK\r\n",
        "HTTP/1.1 2000 OK\r\n",
        "HTTP/1.1\t200 OK\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n",
        "HTTP/1.1 200 OK\r\n: no name\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "SSH-2.0",
      })
  void whatIsNoHttpIsToldAtOnce(String response) {
    assertThat(read(response, 1)).endsWith("MALFORMED");
    assertThat(read(response, 4096)).endsWith("MALFORMED");
  }

  @Test
  void aResponseToHeadHasNoBodyWhateverItsLength() {
    HttpReader reader = new HttpReader(true);
    ByteBuf piece =
        Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", ISO_8859_1);

    assertThat(reader.next(piece)).isEqualTo(Event.HEAD);
    assertThat(reader.next(piece)).isEqualTo(Event.END);
  }

  @Test
  void aLongLineIsCountedAndNotKept() {
    HttpReader reader = new HttpReader(false);
    ByteBuf line = Unpooled.copiedBuffer("HTTP/1.1 200 " + "x".repeat(5000), ISO_8859_1);

    assertThat(reader.next(line)).isEqualTo(Event.MORE);
    assertThat(reader.next(Unpooled.copiedBuffer("\n\n", ISO_8859_1))).isEqualTo(Event.HEAD);
    assertThat(reader.headerOctets()).isEqualTo(5015);
    assertThat(reader.reason()).hasSizeLessThan(256);
  }

  @Test
  void noOctetsMakeItFail() {
    Random random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = new byte[random.nextInt(60)];
      for (int j = 0; j < octets.length; j++) {
        octets[j] = (byte) "HTTP/1. 20:\r\n;aZ\u00ff".charAt(random.nextInt(17));
      }
      String response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
      read(response.substring(0, random.nextInt(46)) + new String(octets, ISO_8859_1), 5);
    }
  }

  /** Every head, the body as it came together, and how it ended if it did. */
  private static String read(String response, int size) {
    HttpReader reader = new HttpReader(false);
    StringBuilder heads = new StringBuilder();
    StringBuilder body = new StringBuilder();
    for (int at = 0; at < response.length(); at += size) {
      String part = response.substring(at, Math.min(response.length(), at + size));
      ByteBuf piece = Unpooled.copiedBuffer(part, ISO_8859_1);
      for (Event event = reader.next(piece); event != Event.MORE; event = reader.next(piece)) {
        if (event == Event.HEAD) {
          heads.append(reader.status()).append(' ').append(reader.reason()).append(' ');
        } else if (event == Event.BODY) {
          body.append(piece.readCharSequence(reader.available(), ISO_8859_1));
        } else {
          return heads.append(body).append(' ').append(event).toString();
        }
      }
    }
    return heads.append(body).toString();
  }
}
