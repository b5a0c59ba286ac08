package dev.athanor.remote.server;

import com.google.bytestream.WriteRequest;
import com.google.bytestream.WriteResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One stream of an upload. gRPC calls it from one thread at a time.
///
/// A stream that breaks, or ends without saying that the blob does, leaves the upload to be
/// continued; one that sends something wrong ends it.
final class WriteCall implements StreamObserver<WriteRequest> {
  private final Shelf shelf;
  private final Uploads uploads;
  private final Metrics metrics;
  private final StreamObserver<WriteResponse> to;
  private @Nullable ResourceName name;
  private String resource = "";
  private @Nullable Upload upload;
  private boolean answered;

  WriteCall(Shelf shelf, Uploads uploads, Metrics metrics, StreamObserver<WriteResponse> to) {
    this.shelf = shelf;
    this.uploads = uploads;
    this.metrics = metrics;
    this.to = to;
  }

  @Override
  public void onNext(WriteRequest request) {
    if (answered) {
      return;
    }
    try {
      accept(request);
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void accept(WriteRequest request) throws IOException {
    Upload current = name == null ? begin(request) : upload;
    if (current == null) {
      return;
    }
    if (!request.getResourceName().isEmpty() && !request.getResourceName().equals(resource)) {
      throw Failures.invalid("one stream sends one blob");
    }
    if (request.getWriteOffset() != current.received()) {
      throw Status.OUT_OF_RANGE
          .withDescription(
              "offset " + request.getWriteOffset() + ", but " + current.received() + " have come")
          .asRuntimeException();
    }
    current.write(request.getData());
    metrics.received(request.getData().size());
    if (request.getFinishWrite()) {
      current.commit();
      upload = null;
      long received = current.received();
      current.close();
      answer(received);
    }
  }

  /// @return null when the blob is here already, which has been answered
  private @Nullable Upload begin(WriteRequest request) throws IOException {
    resource = request.getResourceName();
    ResourceName parsed = ResourceName.ofUpload(resource);
    name = parsed;
    if (shelf.contains(parsed.digest())) {
      answer(parsed.zstd() ? -1 : parsed.digest().size());
      return null;
    }
    Upload begun = uploads.take(parsed).orElse(null);
    if (begun != null && request.getWriteOffset() == 0 && begun.received() > 0) {
      // Sent again from its beginning, as everybody may.
      begun.close();
      begun = null;
    }
    if (begun == null) {
      begun = new Upload(parsed, shelf.write());
    }
    upload = begun;
    return begun;
  }

  /// The client has sent all that it wants to send for now.
  @Override
  public void onCompleted() {
    if (answered) {
      return;
    }
    Upload cut = upload;
    if (cut == null) {
      fail(Failures.invalid("an upload without a first request"));
      return;
    }
    long committed = cut.zstd() ? 0 : cut.received();
    try {
      leave();
      answer(committed);
    } catch (IOException e) {
      fail(e);
    }
  }

  /// The client has gone.
  @Override
  public void onError(Throwable gone) {
    answered = true;
    try {
      leave();
    } catch (IOException e) {
      // There is nobody to tell; what is left of it goes with the next collection.
    }
  }

  /// Leaves the upload to another stream.
  private void leave() throws IOException {
    Upload cut = upload;
    ResourceName known = name;
    upload = null;
    if (cut == null || known == null) {
      return;
    }
    if (cut.zstd()) {
      cut.close();
    } else {
      uploads.keep(known, cut);
    }
  }

  private void answer(long committed) {
    answered = true;
    to.onNext(WriteResponse.newBuilder().setCommittedSize(committed).build());
    to.onCompleted();
  }

  private void fail(Exception e) {
    answered = true;
    Status status = Failures.status(e);
    try {
      if (status.getCode() == Status.Code.OUT_OF_RANGE) {
        leave();
      } else if (upload != null) {
        upload.close();
        upload = null;
      }
    } catch (IOException closing) {
      e.addSuppressed(closing);
    }
    to.onError(status.asRuntimeException());
  }
}
