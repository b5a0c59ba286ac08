package dev.athanor.oci.registry;

import java.util.concurrent.atomic.LongAdder;

/// What went over the wire so far.
///
/// @param requests every HTTP request, redirects, challenges and token requests included
/// @param sent bytes of request bodies, those of failed attempts included
/// @param received bytes of content, likewise
/// @param retries attempts after the first
record Traffic(long requests, long sent, long received, long retries) {

  static final class Counter {
    private final LongAdder requests = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder retries = new LongAdder();

    void requested() {
      requests.increment();
    }

    void sent(long bytes) {
      sent.add(bytes);
    }

    void received(long bytes) {
      received.add(bytes);
    }

    void retried() {
      retries.increment();
    }

    Traffic now() {
      return new Traffic(requests.sum(), sent.sum(), received.sum(), retries.sum());
    }
  }
}
