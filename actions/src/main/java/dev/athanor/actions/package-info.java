/// The rules that have no craft: commands, and files as they are. Knows no OCI.
@NullMarked
package dev.athanor.actions;

import org.jspecify.annotations.NullMarked;
