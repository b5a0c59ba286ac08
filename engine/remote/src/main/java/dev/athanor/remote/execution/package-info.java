/// Actions on other machines, by the Remote Execution API: [RemoteExecutor] sends commands to
/// workers, and built-ins as [Assignment]s to an Athanor that workers start, whose [Performance] it
/// then is.
@NullMarked
package dev.athanor.remote.execution;

import org.jspecify.annotations.NullMarked;
