package dev.athanor.engine.cas;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Digests a file on a thread of its own while another one writes it, some way behind. Reading back
/// what is still in memory costs little beside the digest, which takes as long as all the rest.
final class Trailing {
  /// How far behind the writer it may be without being woken.
  private static final int STEP = 1 << 20;

  private final FileChannel channel;
  private final Digester digester;
  private final Thread thread;

  /// How much was written, and digested. Guarded by this, like all that follows.
  private long written;

  private long digested;
  private boolean ended;
  private @Nullable Throwable failure;

  /// @param digester of the first `digested` bytes
  Trailing(Path file, Digester digester, long digested) throws IOException {
    this.channel = FileChannel.open(file);
    this.digester = digester;
    this.digested = digested;
    this.written = digested;
    this.thread = Thread.ofPlatform().daemon().name("digest").start(this::follow);
  }

  /// So many bytes are in the file now.
  synchronized void written(long bytes) {
    written = bytes;
    if (written - digested >= STEP) {
      notifyAll();
    }
  }

  /// The digest of all that was written.
  Digest finish() throws IOException {
    end();
    synchronized (this) {
      Throwable thrown = failure;
      if (thrown != null) {
        throw new IOException("cannot read back what was written", thrown);
      }
    }
    return digester.finish();
  }

  /// Ends it, whatever is left.
  void end() throws IOException {
    synchronized (this) {
      ended = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    channel.close();
  }

  private void follow() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(STEP);
    try {
      for (long to = next(); to > digested; to = next()) {
        digestUpTo(to, buffer);
      }
    } catch (IOException | RuntimeException | Error e) {
      synchronized (this) {
        failure = e;
      }
    }
  }

  /// How far to go; where we are when there is nothing more.
  private synchronized long next() {
    while (!ended && written - digested < STEP) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts this thread", e);
      }
    }
    return written;
  }

  private void digestUpTo(long to, ByteBuffer buffer) throws IOException {
    long at = digested;
    while (at < to) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
      int count = channel.read(buffer, at);
      if (count < 0) {
        throw new IOException("the file ends at " + at + " and should have " + to + " bytes");
      }
      digester.update(buffer.flip());
      at += count;
    }
    synchronized (this) {
      digested = at;
    }
  }
}
