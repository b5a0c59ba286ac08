package dev.athanor.oci.registry;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a [FakeRegistry] says, and how badly it delivers it.
///
/// @param claimed the length it claims; -1 claims the true one, -2 none at all (chunked)
/// @param cutAfter bytes after which it hangs up; -1 never
/// @param drip pause after every piece of 1 KiB
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Answer(
    int status,
    Map<String, String> headers,
    byte[] body,
    long claimed,
    long cutAfter,
    Duration drip) {
  public Answer {
    headers = Map.copyOf(headers);
  }

  public static Answer of(int status) {
    return new Answer(status, Map.of(), new byte[0], -1, -1, Duration.ZERO);
  }

  /// A refusal in the registry's own form.
  public static Answer error(int status, String code, String message) {
    String json = "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}\n";
    return of(status)
        .with("Content-Type", "application/json")
        .withBody(json.getBytes(StandardCharsets.UTF_8));
  }

  public Answer with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Answer(status, all, body, claimed, cutAfter, drip);
  }

  public Answer without(String header) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.remove(header);
    return new Answer(status, all, body, claimed, cutAfter, drip);
  }

  public Answer withBody(byte[] bytes) {
    return new Answer(status, headers, bytes, claimed, cutAfter, drip);
  }

  public Answer claiming(long length) {
    return new Answer(status, headers, body, length, cutAfter, drip);
  }

  public Answer cutAfter(long bytes) {
    return new Answer(status, headers, body, claimed, bytes, drip);
  }

  public Answer dripping(Duration pause) {
    return new Answer(status, headers, body, claimed, cutAfter, pause);
  }
}
