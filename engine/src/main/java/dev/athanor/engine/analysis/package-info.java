/// From targets to actions: calls each rule once and keeps what it provides and declares. Runs
/// nothing.
@NullMarked
package dev.athanor.engine.analysis;

import org.jspecify.annotations.NullMarked;
