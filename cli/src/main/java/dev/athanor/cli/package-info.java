/// The program: commands, console and wiring. The only module that reads flags, prints and exits;
/// the only place that builds concrete stores and runners.
@NullMarked
package dev.athanor.cli;

import org.jspecify.annotations.NullMarked;
