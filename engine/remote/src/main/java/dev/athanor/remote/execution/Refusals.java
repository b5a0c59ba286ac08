package dev.athanor.remote.execution;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.Status;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.engine.exec.RemoteRunException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the statuses mean that a server answers with instead of a result.
final class Refusals {
  /// How a violation names a blob.
  private static final Pattern BLOB =
      Pattern.compile("(?:.*/)?blobs/(?:[a-z0-9]+/)?([0-9a-f]{64})/(\\d{1,18})");

  private Refusals() {}

  /// A code that nobody knows is an unknown trouble.
  static Code code(Status status) {
    @Nullable Code code = Code.forNumber(status.getCode());
    return code == null ? Code.UNKNOWN : code;
  }

  /// Whether the same call may well succeed a moment later.
  static boolean isTransient(Code code) {
    return switch (code) {
      case UNAVAILABLE,
          INTERNAL,
          UNKNOWN,
          ABORTED,
          RESOURCE_EXHAUSTED,
          DEADLINE_EXCEEDED,
          CANCELLED ->
          true;
      default -> false;
    };
  }

  /// The blobs that the server says it lacks, if that is what it says.
  static Optional<MissingThereException> missing(Status status) {
    if (status.getCode() != Code.FAILED_PRECONDITION_VALUE) {
      return Optional.empty();
    }
    Set<Digest> missing = new HashSet<>();
    try {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(PreconditionFailure.class)) {
          for (var violation : detail.unpack(PreconditionFailure.class).getViolationsList()) {
            Matcher blob = BLOB.matcher(violation.getSubject());
            if (violation.getType().equals("MISSING") && blob.matches()) {
              missing.add(new Digest(Sha256.parse(blob.group(1)), Long.parseLong(blob.group(2))));
            }
          }
        }
      }
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
    return missing.isEmpty() ? Optional.empty() : Optional.of(new MissingThereException(missing));
  }

  /// For when nothing helped.
  static IOException failure(Status status, Throwable cause) {
    Code code = code(status);
    boolean lasting =
        code == Code.UNAVAILABLE
            || code == Code.UNAUTHENTICATED
            || code == Code.PERMISSION_DENIED
            || code == Code.UNIMPLEMENTED;
    String text = status.getMessage().isEmpty() ? "" : ": " + status.getMessage();
    return new RemoteRunException("the remote executor says " + code + text, lasting, cause);
  }
}
