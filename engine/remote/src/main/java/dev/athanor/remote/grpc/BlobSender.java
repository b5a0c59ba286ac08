package dev.athanor.remote.grpc;

import com.github.luben.zstd.ZstdOutputStream;
import com.google.bytestream.ByteStreamGrpc;
import com.google.bytestream.QueryWriteStatusRequest;
import com.google.bytestream.QueryWriteStatusResponse;
import com.google.bytestream.WriteRequest;
import com.google.bytestream.WriteResponse;
import com.google.protobuf.UnsafeByteOperations;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.remote.RemoteException;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/// Sends one blob as a stream. One that breaks goes on where the server says that it is; a
/// compressed one begins anew.
final class BlobSender {
  /// Bytes in one message.
  private static final int CHUNK = 512 << 10;

  private static final int LEVEL = 1;

  /// Committed is more than that there is: it was verified.
  private static final long WHOLE = Long.MAX_VALUE;

  private final Calls calls;
  private final GrpcConnection connection;
  private final String name;
  private final boolean zstd;
  private final Digest digest;
  private final BlobStore from;

  BlobSender(Calls calls, GrpcConnection connection, Digest digest, boolean zstd, BlobStore from) {
    this.calls = calls;
    this.connection = connection;
    this.digest = digest;
    this.zstd = zstd;
    this.name = new ResourceNames(connection.endpoint().instance()).write(digest, zstd);
    this.from = from;
  }

  void send() throws IOException {
    int fruitless = 0;
    long committed = 0;
    while (true) {
      try {
        sendFrom(committed);
        return;
      } catch (RemoteException e) {
        long reached = e.isHopeless() || zstd ? committed : status(committed);
        fruitless = reached > committed ? 1 : fruitless + 1;
        if (e.isHopeless() || fruitless >= calls.attempts()) {
          throw e;
        }
        committed = reached;
        calls.pause(fruitless);
      }
    }
  }

  /// How much of it the server has.
  private long status(long otherwise) throws IOException {
    try {
      var request = QueryWriteStatusRequest.newBuilder().setResourceName(name).build();
      QueryWriteStatusResponse status =
          calls.make(() ->
              calls
                  .patient(ByteStreamGrpc.newBlockingStub(connection.channel()))
                  .queryWriteStatus(request));
      return status.getComplete() ? WHOLE : Math.min(status.getCommittedSize(), digest.size());
    } catch (Calls.NotFound | RemoteException e) {
      // It has forgotten, or never could tell.
      return e instanceof Calls.NotFound ? 0 : otherwise;
    }
  }

  private void sendFrom(long committed) throws IOException {
    if (committed == WHOLE) {
      return;
    }
    BlockingClientCall<WriteRequest, WriteResponse> call =
        ByteStreamGrpc.newBlockingV2Stub(connection.channel()).write();
    try (InputStream in = from.open(digest)) {
      in.skipNBytes(committed);
      Messages messages = new Messages(call, committed);
      if (zstd) {
        // Closing it ends the frame; the messages below it stay open.
        try (OutputStream packed = new ZstdOutputStream(messages, LEVEL)) {
          in.transferTo(packed);
        }
      } else {
        in.transferTo(messages);
      }
      messages.finish();
      check(messages.answer());
    } catch (Already e) {
      // Then all is well.
    } finally {
      call.cancel("no longer needed", null);
    }
  }

  private void check(WriteResponse response) throws RemoteException {
    long size = response.getCommittedSize();
    // Of a compressed stream, servers count the one or the other, or say that it was there already.
    if (!zstd && size != digest.size() && size != -1) {
      throw RemoteException.trouble("of " + digest.size() + " bytes the server took " + size, null);
    }
  }

  /// Cuts what is written into messages. Once the server has answered, because it has the blob
  /// already, the rest goes nowhere.
  private final class Messages extends OutputStream {
    private final BlockingClientCall<WriteRequest, WriteResponse> call;
    private byte[] buffer = new byte[CHUNK];
    private int filled;
    private long offset;
    private boolean named;
    private boolean answered;

    Messages(BlockingClientCall<WriteRequest, WriteResponse> call, long offset) {
      this.call = call;
      this.offset = offset;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      int at = from;
      while (at < from + length && !answered) {
        if (filled == CHUNK) {
          send(false);
        }
        int count = Math.min(CHUNK - filled, from + length - at);
        System.arraycopy(bytes, at, buffer, filled, count);
        filled += count;
        at += count;
      }
    }

    void finish() throws IOException {
      if (!answered) {
        send(true);
        call.halfClose();
      }
    }

    private void send(boolean last) throws IOException {
      WriteRequest.Builder message =
          WriteRequest.newBuilder()
              .setWriteOffset(offset)
              .setData(UnsafeByteOperations.unsafeWrap(buffer, 0, filled))
              .setFinishWrite(last);
      if (!named) {
        message.setResourceName(name);
        named = true;
      }
      answered =
          !exchange(
              () -> call.write(message.build(), calls.patienceMillis(), TimeUnit.MILLISECONDS));
      offset += filled;
      filled = 0;
      // The message still holds the old one.
      buffer = new byte[CHUNK];
    }

    WriteResponse answer() throws IOException {
      WriteResponse response =
          exchange(() -> call.read(calls.patienceMillis(), TimeUnit.MILLISECONDS));
      if (response == null) {
        throw RemoteException.trouble("the server did not say whether it has the blob", null);
      }
      return response;
    }
  }

  /// The server has the blob.
  private static final class Already extends IOException {
    private static final long serialVersionUID = 1;
  }

  private <T> T exchange(Calls.Step<T> step) throws IOException {
    return calls.step(
        "nothing moved",
        () -> {
          try {
            return step.make();
          } catch (StatusException e) {
            switch (e.getStatus().getCode()) {
              // Another one was faster.
              case ALREADY_EXISTS -> throw new Already();
              case RESOURCE_EXHAUSTED ->
                  throw RemoteException.hopeless(String.valueOf(e.getMessage()), e);
              default -> throw e;
            }
          }
        });
  }
}
