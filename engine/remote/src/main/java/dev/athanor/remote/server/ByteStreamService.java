package dev.athanor.remote.server;

import com.google.bytestream.ByteStreamGrpc;
import com.google.bytestream.QueryWriteStatusRequest;
import com.google.bytestream.QueryWriteStatusResponse;
import com.google.bytestream.ReadRequest;
import com.google.bytestream.ReadResponse;
import com.google.bytestream.WriteRequest;
import com.google.bytestream.WriteResponse;
import dev.athanor.engine.digest.Digest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Blobs of any size, one at a time.
final class ByteStreamService extends ByteStreamGrpc.ByteStreamImplBase {
  private final Shelf shelf;
  private final Uploads uploads;
  private final Metrics metrics;

  ByteStreamService(Shelf shelf, Uploads uploads, Metrics metrics) {
    this.shelf = shelf;
    this.uploads = uploads;
    this.metrics = metrics;
  }

  @Override
  public void read(ReadRequest request, StreamObserver<ReadResponse> to) {
    try {
      Pump.send(to, chunks(request));
    } catch (IOException | RuntimeException e) {
      to.onError(Failures.status(e).asRuntimeException());
    }
  }

  /// Offset and limit count plain bytes.
  private Pump.Source<ReadResponse> chunks(ReadRequest request) throws IOException {
    ResourceName name = ResourceName.ofBlob(request.getResourceName());
    Digest digest = name.digest();
    long offset = request.getReadOffset();
    long limit = request.getReadLimit();
    if (limit < 0 || (limit > 0 && name.zstd())) {
      throw Failures.invalid("a read limit of " + limit + " on " + request.getResourceName());
    }
    if (offset < 0 || offset > digest.size()) {
      throw Status.OUT_OF_RANGE
          .withDescription("offset " + offset + " of " + digest.size() + " bytes")
          .asRuntimeException();
    }
    InputStream in = shelf.open(digest);
    try {
      in.skipNBytes(offset);
      return name.zstd()
          ? new ZstdChunks(in, metrics)
          : new Chunks(in, limit == 0 ? Long.MAX_VALUE : limit, metrics);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public StreamObserver<WriteRequest> write(StreamObserver<WriteResponse> to) {
    return new WriteCall(shelf, uploads, metrics, to);
  }

  @Override
  public void queryWriteStatus(
      QueryWriteStatusRequest request, StreamObserver<QueryWriteStatusResponse> to) {
    Failures.answer(
        to,
        () -> {
          ResourceName name = ResourceName.ofUpload(request.getResourceName());
          if (shelf.contains(name.digest())) {
            return QueryWriteStatusResponse.newBuilder()
                .setCommittedSize(name.digest().size())
                .setComplete(true)
                .build();
          }
          long committed =
              (name.zstd() ? Optional.of(0L) : uploads.resumable(name))
                  .orElseThrow(() ->
                      Status.NOT_FOUND
                          .withDescription("nothing is known of this upload: begin it anew")
                          .asRuntimeException());
          return QueryWriteStatusResponse.newBuilder().setCommittedSize(committed).build();
        });
  }
}
