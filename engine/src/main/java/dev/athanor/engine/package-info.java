/// The core of Athanor: what a build is, without any craft of its own.
///
/// It knows no OCI, starts no process, prints nothing and reads no flags. Everything it needs of
/// the outside comes in through interfaces that other modules implement.
@NullMarked
package dev.athanor.engine;

import org.jspecify.annotations.NullMarked;
