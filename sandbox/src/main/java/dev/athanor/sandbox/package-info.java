/// Running processes in isolation: the one module that starts any.
///
/// A [dev.athanor.engine.exec.Spawn] is planned into a [SandboxSpec], an ordered list of set-up
/// steps, and rendered by one of several sandboxes: our own over the kernel's system calls,
/// `bwrap`, util-linux `unshare`, or a plain folder. [Sandboxes] picks the best one that works,
/// [SandboxedSpawnRunner] lays inputs out and takes outputs in, [HostProbe] tells what the host can
/// give. Knows nothing of rules, caches of results, or images beyond their unpacked directories.
@NullMarked
package dev.athanor.sandbox;

import org.jspecify.annotations.NullMarked;
