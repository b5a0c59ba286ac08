package dev.athanor.remote.server;

/// How much goes into one message.
final class Batches {
  /// What a client takes in one message that has not been told to take more.
  private static final int MESSAGE = 4 << 20;

  /// How large blobs may be together that travel in one message: names and statuses want room too.
  static final int MAX_BYTES = MESSAGE - (256 << 10);

  /// How large a message may be that comes in: lists of digests have no other limit.
  static final int MAX_INCOMING = 16 << 20;

  /// How much of a blob goes into one message of a stream.
  static final int CHUNK = 512 << 10;

  /// How much is taken from a socket at once, if there is as much.
  static final int READ = 1 << 20;

  /// How much may be on its way in one stream before its reader has asked for more.
  static final int WINDOW = 8 << 20;

  private Batches() {}

  /// Whether one more part fits into a message that is to be sent.
  static boolean fits(long soFar, long part) {
    return soFar + part <= MESSAGE - (16 << 10);
  }
}
