package dev.athanor.engine.gc;

import java.time.Duration;
import java.util.Optional;

/// What of a cache is to stay.
///
/// @param maxAge what was used within that time, if size allows
/// @param maxBytes as much of what was used last
public record Policy(Optional<Duration> maxAge, Optional<Long> maxBytes) {}
