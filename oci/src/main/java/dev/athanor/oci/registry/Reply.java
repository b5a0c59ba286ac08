package dev.athanor.oci.registry;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;

/// An answer, after redirects and authentication.
///
/// @param uri what answered in the end
/// @param body of a refusal or of a small document; content that was asked for went to its sink
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(URI uri, int status, HttpHeaders headers, byte[] body) {
  /// A proxy that opens no tunnel gives a refusal of its own, without a body.
  static Reply of(URI uri, HttpResponse<byte[]> response) {
    byte[] body = Objects.requireNonNullElse(response.body(), new byte[0]);
    return new Reply(uri, response.statusCode(), response.headers(), body);
  }

  boolean ok() {
    return status >= 200 && status < 300;
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /// Whether the same request may well succeed later.
  boolean isTransient() {
    return switch (status) {
      case 408, 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  /// How long the registry asks us to wait, as seconds or as a date.
  Optional<Duration> retryAfter(Instant now) {
    return header("Retry-After").flatMap(text -> parseDelay(text.strip(), now));
  }

  private static Optional<Duration> parseDelay(String text, Instant now) {
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
