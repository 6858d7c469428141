package dev.meridian.probe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Where all plain connections of a thread are read into, one piece at a time. Small, so that what a
 * target can make us hold is small.
 */
class ReadBuffer {
  /** The most that is read at once. */
  static final int OCTETS = 4096;

  private final ByteBuffer octets = ByteBuffer.allocateDirect(OCTETS);
  private final ByteBuf view = Unpooled.wrappedBuffer(octets);

  /** What is there to be read, good until the next call; null at the end. */
  @Nullable ByteBuf read(ByteChannel channel) throws IOException {
    octets.clear();
    int count = channel.read(octets);
    return count < 0 ? null : view.setIndex(0, count);
  }
}
