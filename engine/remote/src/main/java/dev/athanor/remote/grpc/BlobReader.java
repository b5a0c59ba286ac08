package dev.athanor.remote.grpc;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import com.google.bytestream.ByteStreamGrpc;
import com.google.bytestream.ReadRequest;
import com.google.bytestream.ReadResponse;
import com.google.protobuf.ByteString;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.remote.RemoteException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads one blob as a stream. One that breaks goes on where it was.
final class BlobReader {
  private static final int BUFFER = 256 << 10;

  private final Calls calls;
  private final GrpcConnection connection;
  private final String name;
  private final boolean zstd;
  private final Digest digest;
  private final OutputStream to;

  /// How many bytes of the blob, unpacked, have come.
  private long offset;

  BlobReader(Calls calls, GrpcConnection connection, Digest digest, boolean zstd, OutputStream to) {
    this.calls = calls;
    this.connection = connection;
    this.digest = digest;
    this.zstd = zstd;
    this.name = new ResourceNames(connection.endpoint().instance()).read(digest, zstd);
    this.to = to;
  }

  void read() throws IOException {
    int fruitless = 0;
    while (true) {
      long before = offset;
      try {
        readOn();
        return;
      } catch (Calls.NotFound e) {
        throw new MissingBlobException(digest);
      } catch (RemoteException e) {
        fruitless = offset > before ? 1 : fruitless + 1;
        if (e.isHopeless() || fruitless >= calls.attempts()) {
          throw e;
        }
        calls.pause(fruitless);
      }
    }
  }

  private void readOn() throws IOException {
    ReadRequest request =
        ReadRequest.newBuilder().setResourceName(name).setReadOffset(offset).build();
    var call = ByteStreamGrpc.newBlockingV2Stub(connection.channel()).read(request);
    try {
      if (zstd) {
        unpack(new Chunks(call));
      } else {
        for (ByteString chunk = next(call); chunk != null; chunk = next(call)) {
          chunk.writeTo(to);
          advance(chunk.size());
        }
      }
      if (offset < digest.size()) {
        throw RemoteException.trouble("the stream ended after " + offset + " bytes", null);
      }
    } finally {
      call.cancel("no longer needed", null);
    }
  }

  private void unpack(Chunks chunks) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = new ZstdInputStream(chunks)) {
      while (true) {
        int count;
        try {
          count = in.read(buffer);
        } catch (ZstdIOException e) {
          throw RemoteException.trouble("damaged zstd: " + e.getMessage(), e);
        }
        if (count < 0) {
          return;
        }
        to.write(buffer, 0, count);
        advance(count);
      }
    }
  }

  /// Nobody sends more than there is, except to fill our disk.
  private void advance(int count) throws IOException {
    offset += count;
    if (offset > digest.size()) {
      throw RemoteException.particular("more bytes came than the blob has", null);
    }
  }

  private @Nullable ByteString next(BlockingClientCall<?, ReadResponse> call) throws IOException {
    ReadResponse response =
        calls.step("nothing came", () -> call.read(calls.patienceMillis(), TimeUnit.MILLISECONDS));
    return response == null ? null : response.getData();
  }

  /// The bytes as they come.
  private final class Chunks extends InputStream {
    private final BlockingClientCall<?, ReadResponse> call;
    private InputStream chunk = InputStream.nullInputStream();

    Chunks(BlockingClientCall<?, ReadResponse> call) {
      this.call = call;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      while (true) {
        int count = chunk.read(bytes, from, length);
        if (count > 0 || length == 0) {
          return count;
        }
        ByteString following = next(call);
        if (following == null) {
          return -1;
        }
        chunk = following.newInput();
      }
    }
  }
}
